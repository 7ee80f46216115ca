package audit_test

import (
	"encoding/json"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

func TestSeverity_isOrderedAndReadsBack(t *testing.T) {
	words := []string{"info", "low", "medium", "high", "critical"}
	last := audit.Severity(0)
	for _, word := range words {
		s, err := audit.ParseSeverity(word)
		if err != nil || s <= last || s.String() != word {
			t.Errorf("%s: got %v after %v, %v", word, s, last, err)
		}
		last = s
	}
	if s, err := audit.ParseSeverity("HIGH"); s != audit.High || err != nil {
		t.Errorf("HIGH: got %v, %v", s, err)
	}
	for _, bad := range []string{"", "severe", "4"} {
		if _, err := audit.ParseSeverity(bad); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
	if got := audit.Severity(77).String(); got != "" {
		t.Errorf("77 is %q", got)
	}
}

func TestScales_asJSON(t *testing.T) {
	type both struct {
		Severity audit.Severity
		Status   audit.Status
	}
	for _, want := range []both{{audit.Critical, audit.Found}, {0, audit.NotChecked}, {audit.Info, audit.Suppressed}, {audit.Low, audit.Passed}} {
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got both
		if err := json.Unmarshal(text, &got); err != nil || got != want {
			t.Errorf("%s reads as %v, %v, want %v", text, got, err, want)
		}
	}
	var s audit.Status
	if err := json.Unmarshal([]byte(`"fine"`), &s); err == nil {
		t.Error(`"fine" is a status`)
	}
	if got := audit.Status(9).String(); got != "" {
		t.Errorf("9 is %q", got)
	}
}
