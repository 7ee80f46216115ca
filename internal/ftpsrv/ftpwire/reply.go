package ftpwire

import "strconv"

// Reply is one answer of the server (RFC 959, 4.2).
type Reply struct {
	Code  int
	Lines []string // the first and the last carry the code; those between stand as they are
}

// NewReply returns a reply of one line or, with more texts, of several.
func NewReply(code int, lines ...string) Reply { return Reply{Code: code, Lines: lines} }

// Zero reports whether there is nothing to send.
func (r Reply) Zero() bool { return r.Code == 0 }

// Preliminary reports whether another reply follows (1yz).
func (r Reply) Preliminary() bool { return r.Code/100 == 1 }

// AppendTo appends the octets of the reply to dst. A control character inside a
// line becomes '?', so that a name can never forge a line of its own, and IAC is
// doubled (RFC 854).
func (r Reply) AppendTo(dst []byte) []byte {
	lines := r.Lines
	if len(lines) == 0 {
		lines = []string{""}
	}
	for i, line := range lines {
		switch last := len(lines) - 1; {
		case i == last:
			dst = append(strconv.AppendInt(dst, int64(r.Code), 10), ' ')
		case i == 0:
			dst = append(strconv.AppendInt(dst, int64(r.Code), 10), '-')
		case line != "" && '0' <= line[0] && line[0] <= '9' && !r.continues(line):
			// A middle line that begins with digits could be taken for the
			// last one (RFC 959, 4.2).
			dst = append(dst, ' ')
		}
		dst = append(appendText(dst, line), '\r', '\n')
	}
	return dst
}

// continues reports whether a middle line carries the reply's own code and a dash.
func (r Reply) continues(line string) bool {
	code := strconv.Itoa(r.Code) + "-"
	return len(line) >= len(code) && line[:len(code)] == code
}

func appendText(dst []byte, s string) []byte {
	for i := range len(s) {
		switch b := s[i]; {
		case b == iac:
			dst = append(dst, iac, iac)
		case b < ' ' && b != '\t', b == 0x7f:
			dst = append(dst, '?')
		default:
			dst = append(dst, b)
		}
	}
	return dst
}
