package rules

import (
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
)

// The kinds of rules about places.
type (
	serverRule = func(audit.VisitedServer, *audit.Settings) audit.Answer
	shareRule  = func(*audit.VisitedShare, *audit.Settings) audit.Answer
	homeRule   = func(*audit.VisitedHome, *audit.Settings) audit.Answer
)

// Why nothing is said about who may do what in a home.
const (
	noDescriptor = "its access list cannot be read"
	localRights  = "a local folder is served with the rights of the service, not of the user"
	absent       = "there is no directory"
	unsure       = "what the user may do is not known for sure"
	othersUnsure = "what other users may do is not known for sure"
)

// stages is the order in which a survey comes to know what is wrong with a server.
const stages = "S14 S04 S01 S02 S06 S16"

// onServer finds what a survey says is wrong with a file server. What comes before the
// stage at which another finding ended the visit has passed.
func onServer(id survey.ID) serverRule {
	return func(v audit.VisitedServer, _ *audit.Settings) audit.Answer {
		if f := audit.At(v.Findings, id); f != nil {
			return about(v.Name, f)
		}
		for _, f := range v.Findings {
			if strings.Index(stages, string(f.ID)) < strings.Index(stages, string(id)) {
				return notChecked(audit.WhyNot(f.ID))
			}
		}
		return audit.Answer{}
	}
}

// onShare finds what a survey says is wrong with a share.
func onShare(id survey.ID) shareRule {
	return func(v *audit.VisitedShare, _ *audit.Settings) audit.Answer {
		switch f := audit.At(v.Findings, id); {
		case v.Server == survey.Local:
			return nothing()
		case f != nil:
			return about(v.Volume.String(), f)
		case v.Unknown != "":
			return notChecked(v.Unknown)
		}
		return audit.Answer{}
	}
}

// onSpace finds what a survey says about the space of a share, or of a local folder.
func onSpace(id survey.ID) shareRule {
	return func(v *audit.VisitedShare, _ *audit.Settings) audit.Answer {
		switch f := audit.At(v.Findings, id); {
		case f != nil:
			return about(v.Volume.String(), f)
		case v.Unknown != "":
			return notChecked(v.Unknown)
		case v.Space == nil:
			return unknown(v.Findings, "the space of the share is not known")
		}
		return audit.Answer{}
	}
}

// unknown is the answer where another finding may be the reason.
func unknown(findings []survey.Finding, otherwise string) audit.Answer {
	for _, f := range findings {
		if why := audit.WhyNot(f.ID); why != "" {
			return notChecked(why)
		}
	}
	return notChecked(otherwise)
}

// onHome finds what a survey says is wrong with the place of a home.
func onHome(id survey.ID) homeRule {
	return func(v *audit.VisitedHome, _ *audit.Settings) audit.Answer {
		switch f := audit.At(v.Findings, id); {
		case f != nil:
			return about(v.Place, f)
		case v.Unknown != "":
			return notChecked(v.Unknown)
		}
		return audit.Answer{}
	}
}

// secured asks about homes whose descriptor was read.
func secured(judge homeRule) homeRule {
	return func(v *audit.VisitedHome, s *audit.Settings) audit.Answer {
		switch {
		case v.Unknown != "":
			return notChecked(v.Unknown)
		case !v.There:
			return notChecked(absent)
		case v.Descriptor == nil && v.Server == survey.Local:
			return notChecked(localRights)
		case v.Descriptor == nil:
			return notChecked(noDescriptor)
		}
		return judge(v, s)
	}
}

// inDescriptor finds what a survey says about the descriptor of a home.
func inDescriptor(id survey.ID) homeRule {
	return secured(func(v *audit.VisitedHome, _ *audit.Settings) audit.Answer {
		if f := audit.At(v.Findings, id); f != nil {
			return about(v.Place, f)
		}
		return audit.Answer{}
	})
}

// accessOf is what the user of a home may do in it.
func accessOf(v *audit.VisitedHome) survey.Access {
	for _, a := range v.Access {
		if a.Account.GUID == v.User.GUID {
			return a
		}
	}
	return survey.Access{Missing: survey.AllRights, Reason: unsure}
}

// lacking asks what the user of a home needs and may not do there.
func lacking(judge func(v *audit.VisitedHome, missing survey.Rights) audit.Answer) homeRule {
	return secured(func(v *audit.VisitedHome, _ *audit.Settings) audit.Answer {
		a := accessOf(v)
		switch {
		case a.Missing == 0:
			return audit.Answer{}
		case a.Reason != "":
			return notChecked(unsure)
		}
		return judge(v, a.Missing)
	})
}

// mayNot is the answer that names the rights that are missing.
func mayNot(v *audit.VisitedHome, missing survey.Rights) audit.Answer {
	may := accessOf(v).Rights
	return audit.Answer{
		Status: audit.Found, Location: v.Place, Message: v.User.DownLevelName() + " may not " + missing.String() + " in the own home",
		Evidence: []audit.Evidence{{Name: "may", Value: orNothing(may)}, computed()},
	}
}

// computed says how far rights are known.
func computed() audit.Evidence {
	return audit.Evidence{Name: "computed", Value: "from the access list and the groups that the directory knows; local groups of the file server and the permissions of the share are not known"}
}

func orNothing(r survey.Rights) string {
	if r == 0 {
		return "nothing"
	}
	return r.String()
}

// about is the finding of a survey as an answer.
func about(place string, f *survey.Finding) audit.Answer {
	return audit.Answer{Status: audit.Found, Location: place, Message: f.Text}
}

// anybody are those whom a list means that does not mean anyone in particular.
func anybody(v *audit.VisitedHome) []crowdOf {
	token := func(sids ...secdesc.SID) secdesc.Token {
		return secdesc.Token{SIDs: append(sids, secdesc.Everyone, secdesc.Network)}
	}
	users := token(secdesc.AuthenticatedUsers, secdesc.Users)
	if sid, err := secdesc.ParseSID(v.User.SID); err == nil {
		const domainUsers = 513
		users.SIDs = append(users.SIDs, sid.Domain().WithRID(domainUsers))
	}
	return []crowdOf{{"everybody", token()}, {"every user of the domain", users}, {"every guest", token(secdesc.Guests)}}
}

// crowdOf is a crowd with what stands for it in access lists.
type crowdOf struct {
	name  string
	token secdesc.Token
}
