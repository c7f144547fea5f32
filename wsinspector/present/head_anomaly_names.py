"""What a header row says of each oddity the reader saw, short enough for a chip."""

from wsinspector.protocol.http import HttpAnomaly
from wsinspector.translate import marked

HEAD_ANOMALY_NAMES = {
    HttpAnomaly.HTTP_1_0: marked("heads", "HTTP/1.0"),
    HttpAnomaly.HTTP_0_9_OR_ODD_VERSION: marked("heads", "odd HTTP version"),
    HttpAnomaly.EMPTY_REASON: marked("heads", "no reason"),
    HttpAnomaly.MISSING_REASON_BLANK: marked("heads", "no blank after the status"),
    HttpAnomaly.BAD_STATUS_LINE: marked("heads", "no status line"),
    HttpAnomaly.LF_ONLY: marked("heads", "LF only"),
    HttpAnomaly.FOLDED_LINE: marked("heads", "folded"),
    HttpAnomaly.NO_COLON: marked("heads", "no colon"),
    HttpAnomaly.BLANK_BEFORE_COLON: marked("heads", "blank before the colon"),
    HttpAnomaly.BAD_NAME: marked("heads", "not a field name"),
    HttpAnomaly.CONTROL_CHARACTER: marked("heads", "control character"),
    HttpAnomaly.HUGE_HEADER: marked("heads", "huge"),
    HttpAnomaly.LENGTH_LIES: marked("heads", "not what came"),
    HttpAnomaly.LENGTH_UNREADABLE: marked("heads", "not a length"),
    HttpAnomaly.LENGTH_AND_CHUNKED: marked("heads", "length and chunked"),
}
