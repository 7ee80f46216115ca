package audit

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"
	"time"
)

// Accepted is what was found before, or may be as it is.
type Accepted struct {
	Baseline     map[string]bool // fingerprints
	Suppressions []Suppression
}

// Suppression accepts what one rule finds at some objects.
type Suppression struct {
	Rule   string
	Object string    // login, DN or location, in which * stands for anything
	Reason string    // who accepts it, and why
	Until  time.Time // the last moment; zero: for ever
}

// reason returns why a finding is accepted, "" when it is not.
func (a *Accepted) reason(f *Finding, now time.Time) string {
	for _, s := range a.Suppressions {
		if strings.EqualFold(s.Rule, f.Rule) && !s.expired(now) && (glob(s.Object, f.Login) || glob(s.Object, f.DN) || glob(s.Object, f.Location)) {
			return s.Reason
		}
	}
	if a.Baseline[f.Fingerprint] {
		return "baseline"
	}
	return ""
}

func (s Suppression) expired(now time.Time) bool { return !s.Until.IsZero() && now.After(s.Until) }

// glob matches whatever the letter case; a star may stand for separators, too.
func glob(pattern, text string) bool {
	flat := func(s string) string {
		return strings.NewReplacer(`\`, "\x01", "/", "\x01").Replace(strings.ToLower(s))
	}
	ok, err := path.Match(flat(pattern), flat(text))
	return ok && err == nil && text != ""
}

// expired makes a finding of each suppression whose time is over.
func (r *run) expired() {
	rule := ExpiredRule()
	t := tally{reasons: map[string]*Reason{}}
	for _, s := range r.o.Accepted.Suppressions {
		if s.expired(r.o.Settings.Now) {
			r.found(&t, &rule, Object{Login: s.Object}, Answer{
				Location: s.Rule, Message: "the suppression of " + s.Rule + " for " + s.Object + " has expired",
				Evidence: []Evidence{{"until", s.Until.UTC().Format(time.DateOnly)}, {"reason", s.Reason}},
			})
			continue
		}
		t.passed++
	}
	if len(r.o.Accepted.Suppressions) > 0 {
		r.o.Checks = append(r.o.Checks[:len(r.o.Checks):len(r.o.Checks)], Check{Rule: rule})
		r.results = append(r.results, t)
	}
}

// ExpiredRule is the one rule of the engine itself: C90.
func ExpiredRule() Rule {
	return Rule{
		ID: "C90", Title: "suppression expired", Severity: Low,
		Explanation: "A suppression accepts a finding until a date, so that somebody looks at it again. The date of this one has passed, and what it hid counts again.",
		Remedy:      "Look at the finding again: repair its cause, or give the suppression a new date and a reason that still holds.",
	}
}

// ReadBaseline reads what was found before: a report as JSON, findings as JSON lines,
// or fingerprints, one a line.
func ReadBaseline(in io.Reader) (map[string]bool, error) {
	known := map[string]bool{}
	buffered := bufio.NewReader(in)
	if first, err := buffered.Peek(1); err == nil && first[0] == '{' {
		return known, readFindings(buffered, known)
	}
	lines := bufio.NewScanner(buffered)
	for lines.Scan() {
		text := strings.TrimSpace(lines.Text())
		if octets, err := hex.DecodeString(text); text != "" && (err != nil || len(octets) != 16) {
			return nil, fmt.Errorf("%.40q is no fingerprint", text)
		}
		known[text] = true
	}
	return known, lines.Err()
}

func readFindings(in io.Reader, known map[string]bool) error {
	decoder := json.NewDecoder(in)
	for decoder.More() {
		var one struct {
			Finding
			Findings []Finding `json:"findings"`
		}
		if err := decoder.Decode(&one); err != nil {
			return fmt.Errorf("is no report: %w", err)
		}
		for _, f := range append(one.Findings, one.Finding) {
			if f.Fingerprint != "" {
				known[f.Fingerprint] = true
			}
		}
	}
	return nil
}
