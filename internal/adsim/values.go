package adsim

import (
	"encoding/hex"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// checkValue says whether AD's schema takes the value for the type: result 21
// otherwise. Whether Windows answers 19 to a value that is too long is open.
func checkValue(t *attrType, value string) error {
	valid := value != ""
	switch t.syntax {
	case syntaxText:
		units := len(utf16.Encode([]rune(value)))
		valid = utf8.ValidString(value) && units >= max(t.min, 1) && (t.max == 0 || units <= t.max)
	case syntaxDN:
		name, err := parseDN(value)
		valid = err == nil && len(name) > 0
	case syntaxOctets:
	default:
		_, valid = normalize(t, value)
	}
	if valid {
		return nil
	}
	win32 := uint32(errAttributeSyntax)
	if t.max > 0 {
		win32 = errRange
	}
	return refuseAttribute(invalidAttributeSyntax, win32, "1002 (INVALID_ATT_SYNTAX)", t.name)
}

// normalize returns the form of a value in which equal values are equal strings;
// ok is false when the value does not have the syntax.
func normalize(t *attrType, value string) (key string, ok bool) {
	switch t.syntax {
	case syntaxInt:
		n, err := strconv.ParseInt(value, 10, 64)
		return strconv.FormatInt(n, 10), err == nil
	case syntaxBool:
		key = strings.ToUpper(value)
		return key, key == "TRUE" || key == "FALSE"
	case syntaxDN:
		name, err := parseDN(value)
		return name.norm(), err == nil
	case syntaxTime:
		at, err := parseTime(value)
		return at.UTC().Format(timeForm), err == nil
	case syntaxSID:
		if sid, ok := parseSID(value); ok {
			return sid, true
		}
		return value, isSID(value)
	case syntaxGUID:
		if guid, ok := parseGUID(value); ok {
			return guid, true
		}
		return value, len(value) == 16
	case syntaxOctets:
		return value, true
	}
	return fold(value), true
}

// timeForm is AD's generalized time; the fraction is always .0 (MS-ADTS 3.1.1.2.2.2.1).
const timeForm = "20060102150405.0Z"

func parseTime(value string) (time.Time, error) {
	if at, err := time.Parse("20060102150405Z", value); err == nil {
		return at, nil
	}
	return time.Parse(timeForm, value)
}

// fileTimeEpoch is 1 January 1601 in Unix seconds.
const fileTimeEpoch = -11644473600

// fileTime counts 100 ns since 1601, as LargeInteger times do.
func fileTime(unix int64) int64 { return (unix - fileTimeEpoch) * 10_000_000 }

// numberOf returns the first value as a number, 0 when there is none.
func numberOf(values []string) int64 {
	if len(values) == 0 {
		return 0
	}
	n, err := strconv.ParseInt(values[0], 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// firstLabel returns a DNS name up to its first dot.
func firstLabel(host string) string {
	label, _, _ := strings.Cut(host, ".")
	return label
}

// fromHex reads an identifier written as plain hexadecimal digits.
func fromHex(t *attrType, text string) (string, bool) {
	raw, err := hex.DecodeString(text)
	if err != nil {
		return "", false
	}
	return normalize(t, string(raw))
}

// validDescription tells whether a name of an attribute or a matching rule has the
// characters of one (RFC 4512, 1.4): a word or an OID, with options.
func validDescription(name string) bool {
	for i := 0; i < len(name); i++ {
		c := name[i]
		if !('a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '-' || c == ';' || c == '.') {
			return false
		}
	}
	return name != ""
}
