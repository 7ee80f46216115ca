package explain

import (
	"errors"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/authz"
	"github.com/ftpisoctl/ftpisoctl/internal/isolation"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
)

// attributes are the two values, the path that they make, and whether the policy
// admits it.
func (e story) attributes(s isolation.Step) {
	evidence := "msIIS-FTPRoot " + orAbsent(s.User.Root) + ", msIIS-FTPDir " + orAbsent(s.User.Dir)
	home, err := s.User.Home()
	if err != nil && (s.User.Root == "" || s.User.Dir == "") {
		e.add(Step{Name: "attributes", As: AsBind, Took: s.Took, Evidence: evidence, Err: causeOf(s.Err)})
		return
	}
	e.add(Step{Name: "attributes", As: AsBind, Took: s.Took, Evidence: evidence})
	if err != nil {
		e.add(Step{Name: "path", Err: causeOf(s.Err)})
		return
	}
	place := home.Location()
	e.add(Step{Name: "path", Evidence: place.String()})
	if s.Err != nil {
		step := Step{Name: "policy", Err: causeOf(s.Err)}
		if e.unruled() {
			step.Result = Unknown
			step.Evidence = step.Err.Error() + ", but no site is configured whose list that would be"
		}
		e.add(step)
		return
	}
	reached, _ := e.Isolation.Opener.Resolve(place, e.own(s.User)) // it has just been resolved
	evidence = "admitted, at " + reached.String()
	if len(e.walk.Steps) > 0 && e.walk.Steps[0].Err == nil {
		evidence += " (" + e.walk.Steps[0].Detail + ")"
	}
	e.add(Step{Name: "policy", Evidence: evidence})
}

// unruled reports whether the one thing that refuses the login is a list that nobody
// has written, where no site is configured.
func (e story) unruled() bool {
	var refused *shares.NotAllowedError
	return e.Site == nil && e.refusal != nil && errors.As(e.refusal, &refused)
}

func (e story) rights(s isolation.Step) {
	step := Step{Name: "authorization", As: AsBind, Took: s.Took, Err: causeOf(s.Err)}
	switch {
	case s.Err != nil:
	case e.Site == nil:
		step.Result, step.Evidence = Unknown, "no site is configured, whose rules these would be"
	default:
		step.Evidence = "the rules of the site grant " + rightsText(s.Rights)
	}
	e.add(step)
}

func rightsText(r authz.Right) string {
	var names []string
	if r&authz.Read != 0 {
		names = append(names, "Read")
	}
	if r&authz.Write != 0 {
		names = append(names, "Write")
	}
	return strings.Join(names, ", ")
}

// way is the walk to the home.
func (e story) way(s isolation.Step) {
	as := AsBind
	if e.report.Proven {
		as = AsLogin
	}
	if !e.networked() {
		as = AsProcess
	}
	refused := s.Err != nil
	for i, one := range e.walk.Steps {
		if i == 0 {
			continue // allowed: that is the step policy
		}
		step := Step{Name: one.Name, As: as, Took: one.Took, Evidence: one.Detail, Err: one.Err}
		if step.Name == "name" {
			step.Name = "dns"
		}
		switch {
		case one.Unknown:
			step.Result = Unknown
		case one.Err == nil:
		case refused:
			step.Evidence, refused = one.Err.Error(), false
		default:
			step.Result, step.Evidence = Unknown, one.Err.Error()
		}
		e.add(step)
	}
	switch {
	case refused: // another look found nothing wrong
		e.add(Step{Name: "home", As: as, Took: s.Took, Err: causeOf(s.Err)})
	case e.unseen != nil:
		e.add(Step{Name: "home", Result: Unknown, Evidence: "what is behind can be seen with the password of the login alone"})
	case s.Err == nil && !e.weighed() && !e.report.Proven && e.networked():
		e.add(Step{Name: "rights", Result: Unknown, Evidence: "the account that asks may not see what the login may do there"})
	}
}

// networked reports whether the walk went to a file server.
func (e story) networked() bool {
	for _, s := range e.walk.Steps {
		if s.Name == "name" || s.Name == "connect" {
			return true
		}
	}
	return false
}

// weighed reports whether the rights of the login were looked at.
func (e story) weighed() bool {
	n := len(e.walk.Steps)
	return n > 0 && e.walk.Steps[n-1].Name == "rights"
}

// conclude adds what the client and the log would show.
func (e story) conclude(seen performance) {
	e.report.Refusal = e.refusal
	if e.unruled() {
		e.report.Refusal = nil
	}
	if e.Site == nil && e.report.Refusal == nil && len(e.passed) > 0 {
		e.add(Step{Name: "reply", Result: Unknown, Evidence: "nothing in the directory refuses the login; the rest depends on the site, and none is configured"})
		return
	}
	e.report.Reply = seen.reply
	if len(e.passed) == 0 {
		e.add(Step{Name: "command", Result: Failed, Evidence: "the server refuses the name before it asks who that is"})
	}
	for _, line := range seen.reply {
		e.add(Step{Name: "reply", Result: Told, Evidence: line})
	}
	if e.Site == nil || e.Site.Fields == nil {
		e.add(Step{Name: "log", Result: Told, Evidence: "no access log is configured"})
		return
	}
	e.report.Fields, e.report.Row = e.Site.Fields, seen.row
	e.add(Step{Name: "fields", Result: Told, Evidence: strings.Join(e.Site.Fields, " ")})
	e.add(Step{Name: "log", Result: Told, Evidence: seen.row})
}
