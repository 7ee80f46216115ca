package audit

import (
	"fmt"
	"strings"
)

// Severity weighs a finding. Higher ones compare greater; the zero value is none.
type Severity uint8

// The severities.
const (
	Info     Severity = iota + 1 // worth knowing
	Low                          // hygiene
	Medium                       // will fail in some case
	High                         // a login fails, or data is at risk
	Critical                     // isolation is broken, or anybody may write a home
)

func severityNames() []string { return []string{"", "info", "low", "medium", "high", "critical"} }

// ParseSeverity reads what Severity.String returns, in any letter case.
func ParseSeverity(text string) (Severity, error) {
	for i, name := range severityNames() {
		if i > 0 && strings.EqualFold(name, text) {
			return Severity(i), nil
		}
	}
	return 0, fmt.Errorf("%q is no severity: info, low, medium, high or critical", text)
}

// String returns the word, "" for none.
func (s Severity) String() string {
	if names := severityNames(); int(s) < len(names) {
		return names[s]
	}
	return ""
}

// MarshalText returns String.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText returns. No text is none.
func (s *Severity) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*s = 0
		return nil
	}
	parsed, err := ParseSeverity(string(text))
	*s = parsed
	return err
}
