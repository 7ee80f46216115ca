package audit

import "fmt"

// Status is what a rule says of one object. "Not checked" is never "passed".
type Status uint8

// The statuses.
const (
	Passed Status = iota
	Found
	NotChecked // a reason comes with it
	Suppressed // found, and accepted by somebody with a reason
)

func statusNames() []string { return []string{"passed", "found", "not checked", "suppressed"} }

// String returns the words.
func (s Status) String() string {
	if names := statusNames(); int(s) < len(names) {
		return names[s]
	}
	return ""
}

// MarshalText returns String.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText returns.
func (s *Status) UnmarshalText(text []byte) error {
	for i, name := range statusNames() {
		if name == string(text) {
			*s = Status(i)
			return nil
		}
	}
	return fmt.Errorf("%q is no status of a finding", text)
}
