# A client as a user of Protocol::WebSocket writes it: says its texts, prints each echo, closes.
# Arguments: URL, the module's own name of a version (draft-hixie-75 ... draft-ietf-hybi-17), texts.
use strict;
use warnings;
use Encode qw(decode);
use IO::Socket::INET;
use Protocol::WebSocket::Frame;
use Protocol::WebSocket::Handshake::Client;

$| = 1;
binmode STDOUT, ':utf8';
alarm 20;
my ($url, $version, @texts) = @ARGV;
my ($host, $port) = $url =~ m{^ws://([^:/]+):(\d+)} or die 'no address';
my $socket = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port, Proto => 'tcp') or die "no connection: $!";
my $handshake = Protocol::WebSocket::Handshake::Client->new(url => $url, version => $version);
syswrite $socket, $handshake->to_string;
my $came = '';
until ($handshake->is_done) {
    sysread $socket, $came, 4096, length $came or die 'ended in the handshake';
    $handshake->parse($came) or die 'handshake: ' . $handshake->error;
}
print "open\n";
my $frames = Protocol::WebSocket::Frame->new(version => $version, max_payload_size => 1 << 20);
$frames->append($came);

sub await_frame {
    while (1) {
        my $bytes = $frames->next_bytes;
        return $bytes if defined $bytes;
        sysread $socket, my $more, 4096 or return;
        $frames->append($more);
    }
}

sub say_frame { syswrite $socket, Protocol::WebSocket::Frame->new(version => $version, masked => 1, @_)->to_bytes }

for my $text (@texts) {
    say_frame(buffer => decode('UTF-8', $text));
    print decode('UTF-8', await_frame()), "\n";
}
if ($version ne 'draft-hixie-75') {
    say_frame(type => 'close', buffer => '');
    await_frame();
    print $frames->is_close ? "close\n" : "no close\n";
}
