"""What a header row says of each oddity the reader saw, short enough for a chip."""

from wsinspector.protocol.http import HttpAnomaly

HEAD_ANOMALY_NAMES = {
    HttpAnomaly.HTTP_1_0: "HTTP/1.0",
    HttpAnomaly.HTTP_0_9_OR_ODD_VERSION: "odd HTTP version",
    HttpAnomaly.EMPTY_REASON: "no reason",
    HttpAnomaly.MISSING_REASON_BLANK: "no blank after the status",
    HttpAnomaly.BAD_STATUS_LINE: "no status line",
    HttpAnomaly.LF_ONLY: "LF only",
    HttpAnomaly.FOLDED_LINE: "folded",
    HttpAnomaly.NO_COLON: "no colon",
    HttpAnomaly.BLANK_BEFORE_COLON: "blank before the colon",
    HttpAnomaly.BAD_NAME: "not a field name",
    HttpAnomaly.CONTROL_CHARACTER: "control character",
    HttpAnomaly.HUGE_HEADER: "huge",
    HttpAnomaly.LENGTH_LIES: "not what came",
    HttpAnomaly.LENGTH_UNREADABLE: "not a length",
    HttpAnomaly.LENGTH_AND_CHUNKED: "length and chunked",
}
