package dtp_test

import (
	"errors"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/dtp"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// A panic in the goroutine of a connection costs that connection and is reported.
func TestChannel_survivesAPanic(t *testing.T) {
	told := make(chan any, 1)
	c, _ := open(t, func(cfg *dtp.Config) {
		cfg.OnEvent = func(dtp.Event) { panic("event gone wrong") }
		cfg.OnPanic = func(p any) { told <- p }
	})
	knock(t, listen(t, c), nil)
	if got := <-told; got != "event gone wrong" {
		t.Errorf("told of %v", got)
	}
	if _, err := c.Acquire(t.Context()); !errors.Is(err, winerr.GenFailure) {
		t.Errorf("Acquire: %v, want 31", err)
	}
	listen(t, c) // the channel goes on
}
