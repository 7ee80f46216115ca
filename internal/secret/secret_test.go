package secret_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

func TestText_isNeverPrinted(t *testing.T) {
	const value = "Wonder1and!"
	s := secret.New(value)
	wrapped := struct{ Password secret.Text }{s}
	asJSON, err := json.Marshal(wrapped)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("bind", "password", s, "config", wrapped)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("bind", "password", s, "config", wrapped)
	for _, got := range []string{
		fmt.Sprint(s), fmt.Sprintf("%v %+v %#v %s %q", s, wrapped, s, s, s),
		fmt.Sprintf("%#v", wrapped), string(asJSON), log.String(),
	} {
		if strings.Contains(got, value) {
			t.Errorf("password in %q", got)
		}
	}
	if s.Reveal() != value || s.Empty() || !secret.New("").Empty() {
		t.Error("Reveal or Empty is wrong")
	}
}
