package rules

import (
	"cmp"
	"fmt"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

const (
	day   = 24 * time.Hour
	stale = 90 * day // Settings.Stale by default
)

// a05 finds accounts that nobody uses.
func a05() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "A05", Title: "no logon for a long time", Severity: audit.Medium,
		Explanation: "Nobody has logged on with the account for longer than --stale says, 90 days by default, or ever since it was created that long ago. lastLogonTimestamp is late by up to 14 days, so that much more is needed.",
		Remedy:      "Ask the owner; disable the account and archive the directory if nobody needs it.",
		References:  []string{"MS-ADA1, lastLogonTimestamp"},
	}, Account: enabled(func(a *audit.Account, s *audit.Settings) audit.Answer {
		const late = 14 * day
		last, what := a.LastLogon, "the last logon was"
		if last.IsZero() {
			last, what = a.Created, "nobody has logged on since the account was created,"
		}
		if last.IsZero() {
			return notChecked("neither lastLogonTimestamp nor whenCreated can be read")
		}
		if age := s.Now.Sub(last); age > cmp.Or(s.Stale, stale)+late {
			return found(a, "lastLogonTimestamp", fmt.Sprintf("%s %d days ago", what, age/day), audit.Evidence{Name: "since", Value: last.Format(time.DateOnly)})
		}
		return audit.Answer{}
	})}
}
