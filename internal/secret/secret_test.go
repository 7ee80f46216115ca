package secret_test

import (
	"bytes"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// holders are the ways in which a password stands in something that is printed;
// fmt may call no method of what an unexported field holds.
func holders(s secret.Text) []any {
	type exported struct{ Password secret.Text }
	type hidden struct{ password secret.Text }
	type deep struct {
		list []secret.Text
		far  *hidden
		any  any
	}
	return []any{
		s, &s, exported{s}, &exported{s}, hidden{s}, &hidden{s}, []secret.Text{s}, map[string]secret.Text{"k": s},
		deep{[]secret.Text{s}, &hidden{s}, s}, &deep{nil, nil, hidden{s}}, fmt.Errorf("bind: %v", hidden{s}),
	}
}

// shows reports whether text gives the value away, as it is, in hexadecimal or
// as numbers.
func shows(text, value string) bool {
	numbers := strings.Trim(fmt.Sprint([]byte(value)), "[]")
	for _, form := range []string{value, hex.EncodeToString([]byte(value)), numbers} {
		if strings.Contains(strings.ToLower(text), strings.ToLower(form)) {
			return true
		}
	}
	return false
}

func TestText_isNeverPrinted(t *testing.T) {
	const value = "Wonder1and!"
	for _, holder := range holders(secret.New(value)) {
		for verb := 'A'; verb <= 'z'; verb++ {
			for _, flags := range []string{"", "+", "#", "0", " ", "-40.3"} {
				if got := fmt.Sprintf("%"+flags+string(verb), holder); shows(got, value) {
					t.Errorf("%T with %%%s%c: %s", holder, flags, verb, got)
				}
			}
		}
		if got := fmt.Sprint(holder); shows(got, value) {
			t.Errorf("%T: %s", holder, got)
		}
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("bind", "with", holder)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("bind", "with", holder)
		asJSON, err := json.Marshal(holder)
		if got := log.String() + string(asJSON); shows(got, value) {
			t.Errorf("%T: %s (%v)", holder, got, err)
		}
	}
	for _, format := range []string{"%v", "%s", "%d", "%t", "%c", "%x", "%#v"} {
		if got, want := fmt.Sprintf(format, secret.New(value)), "[redacted]"; got != want {
			t.Errorf("%s: got %q, want %q", format, got, want)
		}
	}
	var encoded bytes.Buffer
	if err := gob.NewEncoder(&encoded).Encode(struct{ Password secret.Text }{secret.New(value)}); err == nil && shows(encoded.String(), value) {
		t.Errorf("gob: %q", encoded.String())
	}
}

func TestText_holdsThePassword(t *testing.T) {
	for value, empty := range map[string]bool{"Wonder1and!": false, " ": false, "": true} {
		if s := secret.New(value); s.Reveal() != value || s.Empty() != empty {
			t.Errorf("%q: got %q, empty %v", value, s.Reveal(), s.Empty())
		}
	}
	var none secret.Text
	if none.Reveal() != "" || !none.Empty() || fmt.Sprint(none) != "[redacted]" {
		t.Errorf("the zero Text: %q", none.Reveal())
	}
	if reflect.TypeFor[secret.Text]().Comparable() {
		t.Error("two passwords can be compared with ==")
	}
}
