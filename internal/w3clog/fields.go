package w3clog

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// DefaultFields returns the columns that IIS logs by default, in its order.
// Further ones are s-sitename, s-computername, sc-bytes, cs-bytes, time-taken,
// cs-host and c-port.
func DefaultFields() []string {
	return []string{
		"date", "time", "c-ip", "cs-username", "s-ip", "s-port", "cs-method", "cs-uri-stem",
		"sc-status", "sc-win32-status", "sc-substatus", "x-session", "x-fullpath",
	}
}

// column prints one value of an entry.
type column func(dst []byte, e *Entry) []byte

func columns() map[string]column {
	return map[string]column{
		"date":            func(b []byte, e *Entry) []byte { return e.Time.UTC().AppendFormat(b, "2006-01-02") },
		"time":            func(b []byte, e *Entry) []byte { return e.Time.UTC().AppendFormat(b, "15:04:05") },
		"c-ip":            func(b []byte, e *Entry) []byte { return appendAddr(b, e.Client.Addr()) },
		"c-port":          func(b []byte, e *Entry) []byte { return appendCode(b, int(e.Client.Port())) },
		"cs-username":     func(b []byte, e *Entry) []byte { return appendValue(b, e.User) },
		"s-sitename":      func(b []byte, e *Entry) []byte { return appendValue(b, e.Site) },
		"s-computername":  func(b []byte, e *Entry) []byte { return appendValue(b, e.Computer) },
		"s-ip":            func(b []byte, e *Entry) []byte { return appendAddr(b, e.Server.Addr()) },
		"s-port":          func(b []byte, e *Entry) []byte { return appendCode(b, int(e.Server.Port())) },
		"cs-method":       func(b []byte, e *Entry) []byte { return appendValue(b, e.Method) },
		"cs-uri-stem":     func(b []byte, e *Entry) []byte { return appendValue(b, e.Stem) },
		"sc-status":       func(b []byte, e *Entry) []byte { return appendCode(b, e.Status) },
		"sc-win32-status": func(b []byte, e *Entry) []byte { return strconv.AppendUint(b, uint64(e.Win32), 10) },
		"sc-substatus":    func(b []byte, e *Entry) []byte { return strconv.AppendInt(b, int64(e.SubStatus), 10) },
		"sc-bytes":        func(b []byte, e *Entry) []byte { return strconv.AppendInt(b, e.BytesSent, 10) },
		"cs-bytes":        func(b []byte, e *Entry) []byte { return strconv.AppendInt(b, e.BytesReceived, 10) },
		"time-taken":      func(b []byte, e *Entry) []byte { return strconv.AppendInt(b, e.TimeTaken.Milliseconds(), 10) },
		"cs-host":         func(b []byte, e *Entry) []byte { return appendValue(b, e.Host) },
		"x-session":       func(b []byte, e *Entry) []byte { return appendValue(b, e.Session) },
		"x-fullpath":      func(b []byte, e *Entry) []byte { return appendValue(b, e.FullPath) },
	}
}

// choose looks up the columns for the declared fields.
func choose(fields []string) ([]column, error) {
	known := columns()
	chosen := make([]column, 0, len(fields))
	for i, name := range fields {
		c, ok := known[name]
		if !ok {
			return nil, fmt.Errorf("access log field %q is unknown", name)
		}
		if slices.Contains(fields[:i], name) {
			return nil, fmt.Errorf("access log field %q is given twice", name)
		}
		chosen = append(chosen, c)
	}
	return chosen, nil
}

func appendAddr(dst []byte, a netip.Addr) []byte {
	if !a.IsValid() {
		return append(dst, '-')
	}
	if a.Zone() != "" { // the name of an interface, which may be anything
		return appendValue(dst, a.Unmap().String())
	}
	return a.Unmap().AppendTo(dst)
}

// appendCode prints a number that is never 0 where it applies.
func appendCode(dst []byte, n int) []byte {
	if n == 0 {
		return append(dst, '-')
	}
	return strconv.AppendInt(dst, int64(n), 10)
}

// software is what IIS 10 calls itself in its logs: parsers know the format by it.
const software = "Microsoft Internet Information Services 10.0"

// appendHeader adds the directives that begin a file and each continuation.
func appendHeader(dst []byte, date []byte, fields []string) []byte {
	dst = append(dst, "#Software: "+software+"\r\n#Version: 1.0\r\n#Date: "...)
	dst = append(dst, date...)
	dst = append(dst, "\r\n#Fields: "...)
	dst = append(dst, strings.Join(fields, " ")...)
	return append(dst, "\r\n"...)
}
