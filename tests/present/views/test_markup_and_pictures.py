"""XML and HTML laid out as text, and pictures told by their heads; neither raises on any bytes."""

from hypothesis import given
from hypothesis import strategies as st

from wsinspector.present.pictures import Measures, measured
from wsinspector.present.views.contents import Budget, Image, Sample, Source, Text
from wsinspector.present.views.image_view import MOST_BYTES, Pictures
from wsinspector.present.views.markup_view import Markup
from wsinspector.present.views.registry import chosen

FREE = Budget(clock=lambda: 0.0)


def laid_out(data: bytes) -> str:
    shown = Markup().show(Source(data, len(data), True), FREE)
    assert isinstance(shown, Text)
    return "".join(piece.text for piece in shown.pieces)


def test_xml_is_indented_and_keeps_what_it_says() -> None:
    data = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e "boom">]>'
    data += b'<a x="1>2"><b>t &e; &lt;</b><c/><!-- n --></a>'
    assert laid_out(data) == (
        '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY e "boom">]>\n<a x="1>2">\n'
        "  <b>t &e; &lt;</b>\n  <c/>\n  <!-- n -->\n</a>"
    )


def test_html_knows_its_lone_elements_and_leaves_scripts_alone() -> None:
    data = b"<!doctype html><html><br><p>a<b>c</b></p><script>if (a<b) {}</script></html>"
    assert laid_out(data) == (
        "<!doctype html>\n<html>\n  <br>\n  <p>\n    a\n    <b>c</b>\n  </p>\n"
        "  <script>if (a<b) {}</script>\n</html>"
    )


def test_controls_in_markup_are_seen_and_unknown_bytes_stand_as_they_are() -> None:
    assert laid_out(b"<a>\x1b[31m\xff</a>") == "<a>␛[31m\\xff</a>"


def test_much_markup_stops_at_its_budget_and_says_so() -> None:
    data = b"<a>" * 100_000
    shown = Markup().show(Source(data, len(data), True), FREE)
    assert isinstance(shown, Text)
    assert "characters laid out" in shown.note
    assert len(shown.pieces) <= 40_002


def test_markup_is_chosen_by_how_it_begins() -> None:
    for data in (b"<?xml version='1.0'?><a/>", b"<iq type='get' id='1'>", b" <!DOCTYPE html>", b"<a/>"):
        view = chosen(Sample(data, len(data), True))
        assert view is not None, data
        assert view.id == "markup"
    assert chosen(Sample(b"<- not a tag", 12, True)) is None


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\2\x80\0\0\1\xe0\x08\x06\0\0\0"
GIF = b"GIF89a\x40\1\xf0\0"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xc0\0\x11\x08\1\xe0\2\x80\3"
LOSSY = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\x10\x02\0\x9d\x01\x2a\x80\2\xe0\1"
LOSSLESS = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x7f\xc2\x77\0"
EXTENDED = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x7f\2\0\xdf\1\0"
BMP = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x80\2\0\0\x20\xfe\xff\xff"


def test_measures_stand_in_the_head_of_every_kind() -> None:
    assert measured(PNG) == Measures("png", 640, 480)
    assert measured(GIF) == Measures("gif", 320, 240)
    assert measured(JPEG) == Measures("jpeg", 640, 480)
    for head in (LOSSY, LOSSLESS, EXTENDED):
        assert measured(head) == Measures("webp", 640, 480)
    assert measured(BMP) == Measures("bmp", 640, 480)
    for other in (b"", b"BM", b"BMnot a picture at all", b"RIFF\0\0\0\0WAVE", b"\xff\xd9"):
        assert measured(other) is None


@given(
    st.sampled_from([PNG, GIF, JPEG, LOSSY, LOSSLESS, EXTENDED, BMP]),
    st.integers(0, 40),
    st.integers(0, 39),
    st.binary(max_size=20),
)
def test_a_head_that_is_cut_or_changed_never_raises(head: bytes, cut: int, at: int, other: bytes) -> None:
    for data in (head[:cut], head[:at] + other, head[:at] + other + head[at + len(other) :]):
        found = measured(data)
        assert found is None or (found.width >= 0 and found.height >= 0)
        Pictures().show(Source(data, len(data), False), FREE)


def test_a_picture_over_the_limits_is_shown_as_one_that_is_not_decoded() -> None:
    class Long:
        quick = True

        def length(self) -> int:
            return MOST_BYTES + 1

        def read(self, start: int, end: int) -> bytes:
            raise AssertionError("nothing of it is read")

    shown = Pictures().show(Source(PNG, MOST_BYTES + 1, False, "", Long()), FREE)
    assert isinstance(shown, Image)
    assert (shown.kind, shown.width) == ("", 640)
    assert "over 16\u2009777\u2009216 bytes" in shown.note
    assert Pictures().fits(Sample(PNG, MOST_BYTES + 1, False)) == 40
    assert Pictures().fits(Sample(PNG, len(PNG), False)) == 90


@given(st.text("<>/!-?[]=\"' aé&;\x00", max_size=80), st.booleans())
def test_no_markup_raises(text: str, html: bool) -> None:
    data = (b"<!doctype html><html>" if html else b"<a>") + text.encode()
    shown = Markup().show(Source(data, len(data), True), FREE)
    assert isinstance(shown, Text)
    kept = "".join("".join(piece.text for piece in shown.pieces).split())
    assert kept == "".join(data.decode().replace("\x00", "␀").split())
