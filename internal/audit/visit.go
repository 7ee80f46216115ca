package audit

import (
	"cmp"
	"context"
	"iter"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// Survey visits the places of users and hands out what it finds there, as the method
// Run of a survey does.
type Survey = func(ctx context.Context, users iter.Seq2[ldapattr.User, error], out survey.Sink) error

// VisitedServer is a file server that was asked.
type VisitedServer struct{ *survey.Server }

// VisitedShare is a share, or an admitted folder of this machine.
type VisitedShare struct {
	*survey.Share
	Unknown string // why nobody got to it; "": somebody did, and Findings say how far
}

// VisitedHome is a home with one of its users.
type VisitedHome struct {
	*survey.Home
	User    ldapattr.User
	Place   string  // as the attributes of the user name it
	Unknown string  // why nobody looked; "": somebody did
	Circle  *Circle // all users with a home; nil below level 3
}

// At says what is wrong with a server, a share or a home, by its id; nil for nothing.
func At(findings []survey.Finding, id survey.ID) *survey.Finding {
	for i := range findings {
		if findings[i].ID == id {
			return &findings[i]
		}
	}
	return nil
}

// WhyNot says in words that hold for many places why what is behind a finding was not
// looked at.
func WhyNot(id survey.ID) string {
	switch id {
	case survey.NoName:
		return "the name of the file server does not resolve"
	case survey.NoAnswer:
		return "the file server does not answer"
	case survey.NoShare:
		return "the share is missing"
	case survey.Namespace:
		return "the path belongs to a DFS namespace whose target is not configured"
	case survey.OldDialect:
		return "the file server speaks SMB 1 only"
	case survey.NotAdmitted:
		return "the configuration does not list the place, so nobody is asked"
	case survey.Refused:
		return "the file server or the share does not take the account that checks"
	case survey.NotToBeSeen:
		return "the account that checks may not look there"
	}
	return ""
}

// Why some home was not looked at for a reason of its own.
const brokeOff = "the connection to the file server broke"

// unknownOf says why nobody looked at a home, "" if somebody did.
func unknownOf(h *survey.Home) string {
	if h.There {
		return ""
	}
	for _, f := range h.Findings {
		if f.ID == survey.Namespace || f.ID == survey.NotAdmitted || f.ID == survey.NotToBeSeen {
			return WhyNot(f.ID)
		}
	}
	switch {
	case h.Behind:
		return cmp.Or(WhyNot(h.Cause), h.Reason)
	case h.State == survey.NotChecked:
		return brokeOff
	}
	return ""
}

// visit is the Sink of an audit: it asks the rules about each record.
type visit struct {
	run    *run
	ctx    context.Context
	atlas  atlas
	circle *Circle
	behind string // why nobody got to the homes of the share that is coming; "": somebody did
	cause  survey.ID
	any    bool // a home of it was asked about, and an answer came
}

// visitAll sends a survey to all homes, if a rule that was chosen wants to know.
func (r *run) visitAll(ctx context.Context) error {
	if r.o.Survey == nil {
		r.nobodyVisits()
		return nil
	}
	if r.o.Announce != nil {
		r.o.Announce(r.crowd.wanted())
	}
	v := &visit{run: r, ctx: ctx, atlas: newAtlas(r.o.Settings.Aliases)}
	if r.o.Level > 2 && r.o.Settings.Token != nil {
		circle, err := newCircle(ctx, r.crowd.users, r.o.Settings.Token)
		if err != nil {
			return err
		}
		v.circle = circle
	}
	err := r.o.Survey(ctx, func(yield func(ldapattr.User, error) bool) {
		for _, user := range r.crowd.users {
			if !yield(user, nil) {
				return
			}
		}
	}, v)
	r.crowd.atlas = &v.atlas
	for range r.crowd.broken {
		r.eachOf(func(c *Check) bool { return c.Home != nil }, Object{}, Answer{Status: NotChecked, Reason: "the home is not valid"})
	}
	return cmp.Or(r.failed, err)
}

// nobodyVisits says of all homes that nobody looks.
func (r *run) nobodyVisits() {
	places := func(c *Check) bool { return c.Server != nil || c.Share != nil || c.Home != nil || c.Orphans != nil }
	unasked := Answer{Status: NotChecked, Reason: "no file server is listed, so none is asked"}
	for i := range r.crowd.places {
		r.eachOf(places, r.crowd.places[i].Object, unasked)
	}
	for range r.crowd.broken {
		r.eachOf(places, Object{}, unasked)
	}
}

// eachOf takes the same answer for all rules of a kind.
func (r *run) eachOf(kind func(*Check) bool, o Object, a Answer) {
	for i := range r.o.Checks {
		if kind(&r.o.Checks[i]) {
			r.take(i, o, a)
		}
	}
}

// Home asks the rules about each user of a home.
func (v *visit) Home(h *survey.Home) error {
	r := v.run
	one := VisitedHome{Home: h, Unknown: unknownOf(h), Circle: v.circle}
	switch {
	case h.Behind:
		v.cause, v.behind = h.Cause, one.Unknown
	case one.Unknown == brokeOff:
		v.behind = cmp.Or(v.behind, brokeOff) // perhaps before the share was entered
	default:
		v.any = true
	}
	for _, user := range h.Users {
		home, err := user.Home()
		if err != nil {
			continue // it was valid when it was read
		}
		one.User, one.Place = user, home.Location().String()
		object := Object{GUID: user.GUID.String(), SID: user.SID, DN: user.DN, Login: user.SAMAccountName, Domain: user.DNSDomain}
		for i := range r.o.Checks {
			if judge := r.o.Checks[i].Home; judge != nil {
				r.take(i, object, judge(&one, &r.o.Settings))
			}
		}
		v.atlas.home(home.Location(), h)
	}
	v.atlas.next++
	if r.o.Visited != nil {
		r.o.Visited()
	}
	return cmp.Or(v.ctx.Err(), r.failed)
}

// Share asks the rules about a share, whose homes have just come.
func (v *visit) Share(s *survey.Share) error {
	one := VisitedShare{Share: s}
	entered := v.any || len(s.Orphans) > 0
	if !entered && At(s.Findings, v.cause) == nil {
		one.Unknown = v.behind
	}
	v.any, v.behind, v.cause = false, "", ""
	r := v.run
	object := Object{Login: s.Volume.String()}
	for i := range r.o.Checks {
		check := &r.o.Checks[i]
		if check.Share != nil {
			r.take(i, object, check.Share(&one, &r.o.Settings))
		}
		if check.Orphans != nil {
			check.Orphans(&one, &r.o.Settings, func(o Object, a Answer) { r.take(i, o, a) })
		}
	}
	v.atlas.share(s)
	return cmp.Or(v.ctx.Err(), r.failed)
}

// Server asks the rules about a file server, whose shares have just come.
func (v *visit) Server(s *survey.Server) error {
	v.any, v.behind, v.cause = false, "", ""
	r := v.run
	for i := range r.o.Checks {
		if judge := r.o.Checks[i].Server; judge != nil && s.Name != survey.Local {
			r.take(i, Object{Login: s.Name}, judge(VisitedServer{s}, &r.o.Settings))
		}
	}
	v.atlas.server(s)
	return cmp.Or(v.ctx.Err(), r.failed)
}

// wanted counts what a survey is to visit, as the attributes name it.
func (c *Crowd) wanted() (servers, homes int) {
	names := map[string]bool{}
	c.Overlaps(func(same, _ []Place) bool {
		homes++
		if l := same[0].Location; l.Kind() == homedir.KindUNC {
			names[hostKey(l.Server(), same[0].Domain)] = true
		}
		return true
	})
	return len(names), homes
}
