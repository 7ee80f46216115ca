package audit

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"errors"
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

// glob matches whatever the letter case; a star may stand for separators, too, and a
// bracket for itself alone, since names have them.
func glob(pattern, text string) bool {
	flat := func(s string) string {
		return strings.NewReplacer(`\`, "\x01", "/", "\x01").Replace(strings.ToLower(s))
	}
	ok, err := path.Match(strings.ReplaceAll(flat(pattern), "[", `\[`), flat(text))
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

// maxBaseline is more than a million findings take, in octets.
const maxBaseline = 1 << 30

// ReadBaseline reads what was found before: a report as JSON, findings as JSON lines,
// or fingerprints, one a line. What could match nothing is an error: a redacted report,
// one of another schema, an object that is no report. The error says what the input is.
func ReadBaseline(in io.Reader) (map[string]bool, error) { return readBaseline(in, maxBaseline) }

func readBaseline(in io.Reader, limit int64) (map[string]bool, error) {
	known := map[string]bool{}
	limited := &io.LimitedReader{R: in, N: limit}
	buffered := bufio.NewReader(limited)
	var err error
	if first, _ := buffered.Peek(1); len(first) > 0 && first[0] == '{' {
		err = readFindings(buffered, known)
	} else {
		err = readFingerprints(buffered, known)
	}
	if limited.N <= 0 {
		err = fmt.Errorf("is larger than a report of an audit may be, which is %d MiB", limit>>20)
	}
	return known, err
}

func readFingerprints(in io.Reader, known map[string]bool) error {
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		text := strings.TrimSpace(lines.Text())
		if octets, err := hex.DecodeString(text); text != "" && (err != nil || len(octets) != 16) {
			return fmt.Errorf("is no report, and %.40q is no fingerprint", text)
		}
		known[text] = true
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return errors.New("is no report, and has lines that are too long for fingerprints")
	}
	return lines.Err()
}

func readFindings(in io.Reader, known map[string]bool) error {
	decoder := json.NewDecoder(in)
	for decoder.More() {
		var one struct {
			Finding
			Schema   int       `json:"schema"`
			Redacted bool      `json:"redacted"`
			Findings []Finding `json:"findings"`
		}
		err := decoder.Decode(&one)
		switch {
		case one.Schema != 0 && one.Schema != Schema:
			return fmt.Errorf("has schema %d, and this program knows %d", one.Schema, Schema)
		case err != nil:
			return fmt.Errorf("is no report: %.200w", err)
		case one.Redacted || strings.HasPrefix(one.GUID, "guid-"): // a token, in JSON lines
			return errors.New("is a redacted report: its fingerprints are those of no other report")
		case one.Findings == nil && one.Fingerprint == "":
			return errors.New("is no report of an audit: it has neither findings nor a fingerprint")
		}
		for _, f := range append(one.Findings, one.Finding) {
			if f.Fingerprint != "" {
				known[f.Fingerprint] = true
			}
		}
	}
	return nil
}
