package rules_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/audit/rules"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/negotiate"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

const (
	corp              = "S-1-5-21-1-2-3"
	alSID, bobSID     = corp + "-1104", corp + "-1105"
	manySID           = corp + "-1300"
	groupSID, private = corp + "-1200", "O:BAD:P(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;" + alSID + ")"
)

// scene is what a survey finds at al's home, which is as it should be but for what the
// functions change. bob's is on another server, and as it should be.
type scene struct {
	home   func(*survey.Home)
	share  func(*survey.Share)
	server func(*survey.Server)
	sddl   string // of the home; "" is private, "none" that it was not read
}

func (s *scene) records(t *testing.T, user ldapattr.User) (*survey.Home, *survey.Share, *survey.Server) {
	t.Helper()
	home, err := user.Home()
	if err != nil {
		t.Fatal(err)
	}
	l := home.Location()
	h := &survey.Home{Server: l.Server(), Volume: l.Base(), Location: l, Users: []ldapattr.User{user}, State: survey.Passed, There: true}
	h.Access = []survey.Access{{Account: user, Rights: survey.AllRights}}
	sh := &survey.Share{Server: l.Server(), Volume: l.Base(), Space: &survey.Space{Total: 100, Free: 50, Left: 50}, Expected: 10}
	sv := &survey.Server{
		Name: l.Server(), Session: "kerberos", Addresses: []string{"192.0.2.1"},
		Offer: &negotiate.Offer{Dialect: "3.1.1", SigningRequired: true, Encryption: true},
	}
	if s.sddl != "none" {
		text := private
		if s.sddl != "" {
			text = s.sddl
		}
		d, err := secdesc.ParseSDDL(text, corpSID(t))
		if err != nil {
			t.Fatal(err)
		}
		h.Descriptor, h.Owner = &d, d.Owner
	}
	if s.home != nil {
		s.home(h)
	}
	if s.share != nil {
		s.share(sh)
	}
	if s.server != nil {
		s.server(sv)
	}
	sh.Add(h)
	sv.Add(h)
	return h, sh, sv
}

func corpSID(t *testing.T) secdesc.SID {
	t.Helper()
	sid, err := secdesc.ParseSID(corp)
	if err != nil {
		t.Fatal(err)
	}
	return sid
}

// survey is a survey of al that finds the scene.
func (s *scene) survey(t *testing.T) audit.Survey {
	return func(_ context.Context, users iter.Seq2[ldapattr.User, error], out survey.Sink) error {
		for user := range users {
			if user.SAMAccountName != "al" {
				continue
			}
			h, sh, sv := s.records(t, user)
			err := out.Home(h)
			if h.Volume != (homedir.Location{}) {
				err = errors.Join(err, out.Share(sh))
			}
			return errors.Join(err, out.Server(sv))
		}
		return nil
	}
}

// member is an account with a SID.
func member(login, sid string) ldapattr.Account {
	return user(login, func(a *ldapattr.Account) { a.SID, a.NetBIOSDomain = sid, "CORP" })
}

// tokens knows who al and bob are; bob is in the group, and all many are in another.
func tokens(t *testing.T) func(context.Context, ldapattr.User) (secdesc.Token, error) {
	sid := func(text string) secdesc.SID {
		s, err := secdesc.ParseSID(text)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	return func(_ context.Context, u ldapattr.User) (secdesc.Token, error) {
		token := secdesc.Token{SIDs: []secdesc.SID{sid(u.SID), secdesc.Everyone, secdesc.AuthenticatedUsers}}
		switch u.SAMAccountName {
		case "bob":
			token.SIDs = append(token.SIDs, sid(groupSID))
		case "dark":
			return secdesc.Token{}, errors.New("no answer")
		case "root":
			token.SIDs = append(token.SIDs, sid(groupSID), sid(corp+"-512"))
		case "migrated":
			token.SIDs = append(token.SIDs, sid(groupSID), sid("S-1-5-21-9-9-9-512"))
		}
		if strings.HasPrefix(u.SAMAccountName, "many") {
			token.SIDs = append(token.SIDs, sid(manySID))
		}
		return token, nil
	}
}

// looked asks one rule about a scene; al, bob and more accounts have homes.
func looked(t *testing.T, id string, s scene, settings audit.Settings, more ...ldapattr.Account) (audit.Result, []audit.Finding) {
	t.Helper()
	checks, err := audit.Select(rules.All(), audit.Scope{Rules: []string{id}}, 3)
	if err != nil {
		t.Fatal(err)
	}
	settings.Now, settings.Token = now, tokens(t)
	accounts := append([]ldapattr.Account{member("al", alSID), member("bob", bobSID)}, more...)
	report, err := audit.Run(t.Context(), each(accounts), audit.Options{Checks: checks, Settings: settings, Level: 3, Survey: s.survey(t)})
	if err != nil {
		t.Fatal(err)
	}
	return report.Results[0], report.Findings
}

// seen is a scene, and what one rule says of it, as in example.
type seen struct {
	name     string
	scene    scene
	settings audit.Settings
	want     string
}

// visit asks one rule about each scene. Every rule needs a finding, one that passes, and
// one that is not checked.
func visit(t *testing.T, id string, all ...seen) {
	t.Helper()
	kinds := map[string]bool{}
	for _, e := range all {
		t.Run(e.name, func(t *testing.T) {
			result, findings := looked(t, id, e.scene, e.settings)
			if got := said(result, findings); !strings.Contains(got, e.want) {
				t.Errorf("got %q, want %q", got, e.want)
			}
			if len(findings) > 1 {
				t.Errorf("%d findings", len(findings))
			}
		})
		kind, _, _ := strings.Cut(e.want, ":")
		kinds[kind] = true
	}
	if !kinds["passed"] || !kinds["not checked"] || len(kinds) < 3 {
		t.Errorf("%s lacks a finding, a clean case, or one that is not checked", id)
	}
}

// behind is a home that nobody got to.
func behind(id survey.ID) scene {
	return scene{home: func(h *survey.Home) {
		h.State, h.Reason, h.Behind, h.Cause, h.There, h.Descriptor, h.Access = survey.NotChecked, "no", true, id, false, nil, nil
	}}
}

// brokeOff is a home under whose question each connection breaks, so that nobody
// knows whether the share was ever entered.
func brokeOff() scene {
	return scene{home: func(h *survey.Home) {
		h.State, h.Reason, h.There, h.Descriptor, h.Access = survey.NotChecked, "the connection broke here, 5 times", false, nil, nil
	}, share: func(sh *survey.Share) { sh.Space = nil }}
}

// dead is a server with a finding, and nobody got to what is on it.
func dead(id survey.ID) scene {
	s := behind(id)
	s.server = func(v *survey.Server) {
		v.Findings, v.Session, v.Offer = []survey.Finding{{ID: id, Text: "no way to it"}}, "", nil
	}
	s.share = func(sh *survey.Share) { sh.Space = nil }
	return s
}

// closed is a share with a finding.
func closed(id survey.ID) scene {
	s := behind(id)
	s.share = func(sh *survey.Share) {
		sh.Findings, sh.Space = []survey.Finding{{ID: id, Text: "no way in"}}, nil
	}
	return s
}

// wrong is a home with a finding.
func wrong(id survey.ID) scene {
	return scene{home: func(h *survey.Home) {
		h.State, h.Findings = survey.Found, []survey.Finding{{ID: id, Text: "wrong here"}}
		if id == survey.Missing || id == survey.NoDirectory || id == survey.NotToBeSeen || id == survey.Namespace || id == survey.NotAdmitted {
			h.There, h.Descriptor, h.Access = false, nil, nil
		}
		if id == survey.NotAdmitted {
			h.Volume = homedir.Location{}
		}
	}}
}

// here is a folder of this machine.
func here(s scene) scene {
	return scene{home: func(h *survey.Home) {
		h.Server, h.Descriptor = survey.Local, nil
		if s.home != nil {
			s.home(h)
		}
	}, share: func(sh *survey.Share) {
		sh.Server = survey.Local
		if s.share != nil {
			s.share(sh)
		}
	}, server: func(v *survey.Server) { v.Name, v.Offer, v.Session = survey.Local, nil, "" }, sddl: "none"}
}

// Without a survey, and where a home is not valid, nothing passes.
func TestAll_withoutASurvey(t *testing.T) {
	for _, c := range rules.All() {
		if c.Level == 0 || strings.ContainsAny(c.ID[:1], "VXAC") {
			continue
		}
		checks, _ := audit.Select(rules.All(), audit.Scope{Rules: []string{c.ID}}, 3)
		report, err := audit.Run(t.Context(), each([]ldapattr.Account{member("al", alSID), broken()}), audit.Options{Checks: checks})
		if r := report.Results[0]; err != nil || r.NotChecked != 2 || r.Found+r.Passed > 0 {
			t.Errorf("%s: %+v, %v", c.ID, r, err)
		}
		if c.Home == nil {
			continue
		}
		if r, _ := looked(t, c.ID, scene{}, audit.Settings{}, broken()); r.NotChecked != 1 {
			t.Errorf("%s: a home that is not valid counts as %+v", c.ID, r)
		}
	}
}
