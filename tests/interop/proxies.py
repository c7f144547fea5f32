"""Real proxies in front of the lab's mirror: nginx, Apache and HAProxy, plainly and as WebSocket needs it."""

import contextlib
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

STARTING = 20.0  # seconds until a proxy accepts connections
ENDING = 10.0

NGINX = """
daemon off;
master_process off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  {outside}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://127.0.0.1:{lab};
      {inside}
    }}
  }}
}}
"""
NGINX_UPGRADE_MAP = "map $http_upgrade $connection_upgrade { default upgrade; '' close; }"
NGINX_UPGRADE = """proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header Host $http_host;"""

APACHE = """
ServerName 127.0.0.1
ServerRoot {folder}
Listen 127.0.0.1:{port}
PidFile {folder}/apache.pid
ErrorLog {folder}/error.log
DefaultRuntimeDir {folder}
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
{directives}
"""
APACHE_PLAIN = "ProxyPass / http://127.0.0.1:{lab}/"
APACHE_UPGRADE = """ProxyPreserveHost On
ProxyVia On
ProxyPass / http://127.0.0.1:{lab}/ upgrade=websocket"""

HAPROXY = """
defaults
  mode http
  timeout connect 5s
  timeout client 20s
  timeout server 20s
  {inside}
frontend in
  bind 127.0.0.1:{port}
  default_backend lab
backend lab
  server lab 127.0.0.1:{lab}
"""

HAPROXY_UPGRADE = """option forwardfor
  timeout tunnel 1h"""

SET_UPS = (
    "nginx plain",
    "nginx websocket",
    "apache plain",
    "apache websocket",
    "haproxy plain",
    "haproxy websocket",
)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _command(set_up: str, folder: Path, port: int, lab: int) -> list[str]:
    """Write the configuration into ``folder``; the command that runs the proxy in the foreground."""
    name, way = set_up.split()
    config = folder / f"{name}.conf"
    upgrade = way == "websocket"
    places = {"folder": folder, "port": port, "lab": lab}
    match name:
        case "nginx":
            outside, inside = (NGINX_UPGRADE_MAP, NGINX_UPGRADE) if upgrade else ("", "")
            config.write_text(NGINX.format(**places, outside=outside, inside=inside))
            return ["/usr/sbin/nginx", "-p", str(folder), "-c", str(config)]
        case "apache":
            directives = (APACHE_UPGRADE if upgrade else APACHE_PLAIN).format(**places)
            config.write_text(APACHE.format(**places, directives=directives))
            return ["/usr/sbin/apache2", "-f", str(config), "-DFOREGROUND"]
        case _:
            config.write_text(HAPROXY.format(**places, inside=HAPROXY_UPGRADE if upgrade else ""))
            return ["/usr/sbin/haproxy", "-db", "-f", str(config)]


@contextlib.contextmanager
def proxy(set_up: str, lab: int) -> Iterator[str]:
    """Run a proxy in front of the lab's port ``lab``; the ws URL of the mirror behind it."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        # Apache takes its own user down from root, and must still reach what it writes.
        folder.chmod(0o755)
        port = _free_port()
        command = _command(set_up, folder, port, lab)
        with (
            (folder / "said").open("wb") as said,
            subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd=folder
            ) as process,
        ):
            try:
                _await_port(port, process, folder)
                yield f"ws://127.0.0.1:{port}/mirror"
            finally:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(ENDING)
                except subprocess.TimeoutExpired:
                    process.kill()


def _await_port(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    """Return once the proxy accepts; raises AssertionError with what it said where it ended instead."""
    until = time.monotonic() + STARTING
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            pass
        else:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
        said = [each.read_text(errors="replace") for each in (folder / "said", *folder.glob("*.log"))]
        assert process.poll() is None, f"the proxy ended: {said}"
        assert time.monotonic() < until, f"the proxy does not listen: {said}"
