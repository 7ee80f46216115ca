package w3clog

import (
	"net/netip"
	"strings"
	"time"
)

// Entry is one row. Zero values print as "-", but for numbers of a result. The
// pseudo-methods ControlChannelOpened, ControlChannelClosed, DataChannelOpened
// and DataChannelClosed come without Stem and Status.
type Entry struct {
	Time          time.Time      // of the event, printed in UTC; zero is now
	Client        netip.AddrPort // c-ip, c-port
	Server        netip.AddrPort // s-ip, s-port; on rows about a data connection with the data port
	User          string         // cs-username: DOMAIN\user from the PASS row on that succeeds
	Method        string         // cs-method: verb in the letter case of the client, or a pseudo-method
	Stem          string         // cs-uri-stem: argument as typed; of PASS, ACCT and ADAT never printed
	Status        int            // sc-status: code of the final reply
	Win32         uint32         // sc-win32-status
	SubStatus     int            // sc-substatus
	BytesSent     int64          // sc-bytes: of a transfer its bytes, else those of the reply with CRLF
	BytesReceived int64          // cs-bytes: of a transfer its bytes, else those of the command with CRLF
	TimeTaken     time.Duration  // time-taken, printed in milliseconds
	Session       string         // x-session: GUID of the control connection
	FullPath      string         // x-fullpath: virtual path that Stem means
	Host          string         // cs-host
	Site          string         // s-sitename
	Computer      string         // s-computername
}

const masked = "***"

// mask hides what belongs to a verb that carries a secret. The server has done
// so before; this holds for whatever it overlooks, such as "PASSsecret", Telnet
// bytes before the verb, or a line that began with a blank, whose verb is in Stem.
func mask(e *Entry) {
	end, worded := secretVerb(e.Method)
	switch {
	case end > 0:
		e.Stem = masked
		if len(e.Method) > end {
			e.Method = e.Method[:end] + masked
		}
	case !worded:
		if end, _ = secretVerb(e.Stem); end > 0 {
			e.Stem = masked
		}
	}
}

// secretVerb returns where the verb ends that announces a secret, if the first
// letters of s are one; worded tells whether s has letters at all.
func secretVerb(s string) (end int, worded bool) {
	start := strings.IndexFunc(s, isLetter)
	if start < 0 {
		return 0, false
	}
	for _, verb := range []string{"PASS", "ACCT", "ADAT"} {
		end := start + len(verb)
		if len(s) >= end && strings.EqualFold(s[start:end], verb) {
			return end, true
		}
	}
	return 0, true
}

func isLetter(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }
