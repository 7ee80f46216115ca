package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// stepList is what a walk to one home prints.
func stepList() recordList {
	return recordList{name: "steps", columns: []output.Column{
		{Title: "step"}, {Title: "result", Alarm: func(cell string) bool { return cell != stepOK }}, {Title: "detail"}, {Title: "took"},
		{Title: "win32", Detail: true}, {Title: "user", Detail: true}, {Title: "home", Detail: true},
	}}
}

// walkToHome takes the steps of a login to one home, and says where the way ends.
func walkToHome(ctx context.Context, a *app, o *sharesCheckOptions, arg string) error {
	name, err := parseName(arg)
	if err != nil {
		return err
	}
	v, err := openVisitor(ctx, a, &o.servers)
	if err != nil {
		return err
	}
	defer v.forest.Close()
	user, err := v.forest.Lookup(ctx, name)
	if err != nil {
		return err
	}
	home, err := user.Home()
	if err != nil {
		return homeOutcome(err)
	}
	if err := canEnter(v.policy, home.Location(), v.bind); err != nil {
		return err
	}
	report := v.opener().Check(ctx, home.Location(), v.as, v.inspections(user)...)
	if ctx.Err() != nil && report.Failed() != nil {
		report.Steps = report.Steps[:len(report.Steps)-1] // it was broken off, and its error is of our making
		return errors.Join(o.print(a, user, report, false), ctx.Err())
	}
	if err := o.print(a, user, report, true); err != nil {
		return err
	}
	return checkOutcome(user, report)
}

// inspections are the last steps of a walk: whose the home is, and what its user may
// do in it. What is not known there fails no walk, for the account that takes it need
// not be an administrator.
func (v *visitor) inspections(user ldapattr.User) []shares.Inspection {
	return []shares.Inspection{
		{Name: "owner", Look: func(ctx context.Context, d secdesc.Descriptor) (string, error) {
			return v.sidName(ctx, d.Owner), nil
		}},
		{Name: "rights", Look: func(ctx context.Context, d secdesc.Descriptor) (string, error) {
			token, err := v.token(ctx, user)
			if err != nil {
				return "", fmt.Errorf("%w: %w", shares.ErrNotKnown, err)
			}
			return mayInHome(user, d, token)
		}},
	}
}

// mayInHome says what a user may do in a home; the error is that the user may not even
// list it, or might not.
func mayInHome(user ldapattr.User, d secdesc.Descriptor, token secdesc.Token) (string, error) {
	rights, reason := survey.Weigh(d, token)
	detail := user.DownLevelName() + " may " + cmp.Or(strings.Join(rights.Names(), ", "), "nothing")
	if reason != "" {
		detail += ", and perhaps more: " + reason
	}
	detail += " (computed; local groups of the file server and the permissions of the share are not known)"
	switch {
	case rights&survey.List != 0:
		return detail, nil
	case reason != "":
		return "", fmt.Errorf("%w: %s", shares.ErrNotKnown, detail)
	}
	return "", fmt.Errorf("%s may not list the home: %w", user.DownLevelName(), winerr.AccessDenied)
}

// homeOutcome turns what is wrong with the stored values into the outcome of a
// check. They are not the caller's mistake, as they would be in set.
func homeOutcome(err error) error {
	var value *homedir.ValueError
	if errors.As(err, &value) {
		return &exitError{exitFailed, err, "no login can use this value; correct it with ftpisoctl set"}
	}
	return err
}

// canEnter refuses a bind without a password where a file server wants one: the
// SMB client has no use for the tickets of others.
func canEnter(policy shares.Policy, place homedir.Location, bind ldapattr.Bind) error {
	reached, err := shares.NewOpener(policy).Resolve(place, shares.Credentials{})
	if err != nil || reached.Local() || bind.User != "" && !bind.Password.Empty() {
		return nil
	}
	return noPassword("the file server " + reached.Server() + " is")
}

// canEnterAll is canEnter for the directories that a run was about.
func canEnterAll(policy shares.Policy, entries []journal.Recorded, bind ldapattr.Bind) error {
	for _, e := range entries {
		if e.Folder == nil {
			continue
		}
		place, err := homedir.ParseLocation(e.Folder.Place)
		if err != nil {
			continue // whoever looks at it says what is wrong
		}
		if err := canEnter(policy, place, bind); err != nil {
			return err
		}
	}
	return nil
}

// stepOK is the result of a step that was made.
const stepOK = "ok"

// stepRecord is one step in JSON.
type stepRecord struct {
	Step    string      `json:"step"`
	OK      bool        `json:"ok"`
	Detail  string      `json:"detail"`
	Win32   winerr.Code `json:"win32"`
	Took    string      `json:"took"`
	Account string      `json:"user"`
	Home    string      `json:"home"`
	Result  string      `json:"result"`
}

// print lists the steps; complete is false if the walk was broken off.
func (o *sharesCheckOptions) print(a *app, user ldapattr.User, report shares.Report, complete bool) error {
	printer := a.printer(&o.form)
	for _, step := range report.Steps {
		result, detail := stepOK, step.Detail
		if step.Err != nil {
			result, detail = "FAILED", step.Err.Error()
		}
		took := step.Took.Round(100 * time.Microsecond).String()
		record := stepRecord{
			Step: step.Name, OK: step.Err == nil, Result: result, Detail: detail, Took: took,
			Account: user.DownLevelName(), Home: report.Location.String(),
		}
		if step.Err != nil {
			record.Win32 = winerr.Of(step.Err)
		}
		if err := printer.Row(record, step.Name, result, detail, took, strconv.FormatUint(uint64(record.Win32), 10), record.Account, record.Home); err != nil {
			return err
		}
	}
	if advice := signingAdvice(report); advice != "" && !a.quiet {
		defer a.note("hint: %s", advice)
	}
	return printer.Close(complete)
}
