package cli

import (
	"strconv"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// placeRecord is a home, a share or a server in JSON; kind says which. All three have
// all keys; what does not apply, or is not known, is null.
type placeRecord struct {
	Kind       string          `json:"kind"`
	State      string          `json:"state"`
	Place      string          `json:"place"` // the home, the share or the server's name
	Server     string          `json:"server"`
	Share      *string         `json:"share"`
	Users      []string        `json:"users"`     // of a home
	UserCount  int             `json:"userCount"` // behind a share or a server, too
	Problems   []problemRecord `json:"problems"`
	Reason     *string         `json:"reason"` // why it was not checked
	Owner      *string         `json:"owner"`
	Access     []accessRecord  `json:"access"` // of the users of a home; of the anonymous account to a share
	Total      *survey.Size    `json:"total"`  // octets, as all sizes
	Free       *survey.Size    `json:"free"`
	Left       *survey.Size    `json:"left"` // for the account that checks; less than free: a quota
	Expected   *survey.Size    `json:"expected"`
	Homes      *int            `json:"homes"`
	Passed     *int            `json:"passed"`
	Found      *int            `json:"found"`
	NotChecked *int            `json:"notChecked"`
	SMB        *smbRecord      `json:"smb"` // of a server
}

type problemRecord struct {
	ID    survey.ID   `json:"id"`
	Text  string      `json:"text"`
	Win32 winerr.Code `json:"win32"`
}

type accessRecord struct {
	User   string   `json:"user"`
	Rights []string `json:"rights"` // of list, read, write, delete
	Reason *string  `json:"reason"` // why there may be more
}

// smbRecord is what a server offers, and how it was entered.
type smbRecord struct {
	Dialect         string   `json:"dialect"`
	SigningRequired bool     `json:"signingRequired"`
	Encryption      bool     `json:"encryption"`
	Ciphers         []string `json:"ciphers"`
	Session         *string  `json:"session"` // kerberos or ntlm
}

// placeList is what a survey prints.
func placeList() recordList {
	detail := func(title string) output.Column { return output.Column{Title: title, Detail: true} }
	return recordList{name: "places", columns: []output.Column{
		{Title: "kind"}, {Title: "state", Alarm: func(cell string) bool { return cell != string(survey.Passed) }}, {Title: "place"}, {Title: "users"},
		{Title: "problems"}, detail("server"), detail("share"), detail("userCount"), detail("reason"), detail("owner"), detail("access"),
		detail("total"), detail("free"), detail("left"), detail("expected"),
		detail("homes"), detail("passed"), detail("found"), detail("notChecked"), detail("smb"),
	}}
}

// placeCells are the record in the columns of placeList.
func placeCells(r placeRecord) []string {
	users := strings.Join(r.Users, ", ")
	if r.Kind != kindHome {
		users = strconv.Itoa(r.UserCount)
	}
	var access []string
	for _, a := range r.Access {
		access = append(access, a.User+": "+strings.Join(a.Rights, ","))
	}
	return []string{
		r.Kind, r.State, r.Place, users, saidOf(r), r.Server, plain(r.Share), strconv.Itoa(r.UserCount), plain(r.Reason), plain(r.Owner), strings.Join(access, "; "),
		octets(r.Total), octets(r.Free), octets(r.Left), octets(r.Expected), number(r.Homes), number(r.Passed), number(r.Found), number(r.NotChecked), r.SMB.text(),
	}
}

// saidOf is what is wrong, in words, or why nothing is known.
func saidOf(r placeRecord) string {
	var said []string
	for _, p := range r.Problems {
		said = append(said, p.Text+" ["+string(p.ID)+"]")
	}
	if len(said) == 0 && r.State == string(survey.NotChecked) {
		return plain(r.Reason)
	}
	return strings.Join(said, "; ")
}

// summaryList is the table of shares and servers, for people.
func summaryList() recordList {
	alarm := func(cell string) bool { return cell != "0" && cell != "" }
	return recordList{name: "summary", columns: []output.Column{
		{Title: "place"}, {Title: "homes"}, {Title: "users"}, {Title: "ok"}, {Title: "problem", Alarm: alarm}, {Title: "not checked", Alarm: alarm},
		{Title: "used"}, {Title: "free"}, {Title: "left of a quota"}, {Title: "expected"}, {Title: "server"},
	}}
}

func summaryCells(r placeRecord) []string {
	used := ""
	if r.Total != nil {
		used = survey.Space{Total: *r.Total, Free: *r.Free}.Used().String()
	}
	left := ""
	if r.Left != nil && *r.Left < *r.Free {
		left = r.Left.String()
	}
	return []string{
		r.Place, number(r.Homes), strconv.Itoa(r.UserCount), number(r.Passed), number(r.Found), number(r.NotChecked),
		used, size(r.Free), left, size(r.Expected), r.SMB.text(),
	}
}

// The kinds of records. They are part of the output's contract.
const (
	kindHome   = "home"
	kindShare  = "share"
	kindServer = "server"
)

func homeRecord(h *survey.Home) placeRecord {
	r := placeRecord{
		Kind: kindHome, State: string(h.State), Place: h.Location.String(), Server: h.Server, Share: present(h.Volume.String()),
		Users: []string{}, UserCount: len(h.Users), Problems: problems(h.Findings), Reason: present(h.Reason), Owner: present(h.Owner.String()),
	}
	for _, user := range h.Users {
		r.Users = append(r.Users, user.DownLevelName())
	}
	for i := range h.Access {
		r.Access = append(r.Access, accessOf(&h.Access[i]))
	}
	if h.Space != nil {
		room(&r, *h.Space)
	}
	return r
}

func shareRecord(s *survey.Share) placeRecord {
	r := placeRecord{Kind: kindShare, Place: s.Volume.String(), Server: s.Server, Share: present(s.Volume.String()), Problems: problems(s.Findings)}
	count(&r, s.Counts, len(s.Findings))
	if s.Space != nil {
		room(&r, *s.Space)
	}
	if s.Expected > 0 {
		r.Expected = &s.Expected
	}
	if s.Anonymous != nil {
		r.Access = []accessRecord{accessOf(s.Anonymous)}
	}
	return r
}

func serverRecord(s *survey.Server) placeRecord {
	r := placeRecord{Kind: kindServer, Place: s.Name, Server: s.Name, Problems: problems(s.Findings)}
	count(&r, s.Counts, len(s.Findings))
	if s.Offer != nil {
		r.SMB = &smbRecord{
			Dialect: s.Offer.Dialect, SigningRequired: s.Offer.SigningRequired, Encryption: s.Offer.Encryption,
			Ciphers: append([]string{}, s.Offer.Ciphers...), Session: present(s.Session),
		}
	}
	return r
}

// count notes what became of the homes. The state is that of the share or server
// itself.
func count(r *placeRecord, c survey.Counts, findings int) {
	r.State = string(survey.Passed)
	if findings > 0 {
		r.State = string(survey.Found)
	}
	r.UserCount, r.Homes, r.Passed, r.Found, r.NotChecked = c.Users, &c.Homes, &c.Passed, &c.Found, &c.NotChecked
}

// room notes the space.
func room(r *placeRecord, s survey.Space) { r.Total, r.Free, r.Left = &s.Total, &s.Free, &s.Left }

func problems(findings []survey.Finding) []problemRecord {
	list := []problemRecord{}
	for _, f := range findings {
		list = append(list, problemRecord{f.ID, f.Text, f.Win32()})
	}
	return list
}

func accessOf(a *survey.Access) accessRecord {
	return accessRecord{a.Account.DownLevelName(), a.Rights.Names(), present(a.Reason)}
}

// text says what a server offers in a few words.
func (r *smbRecord) text() string {
	if r == nil {
		return ""
	}
	said := "SMB " + r.Dialect
	if r.SigningRequired {
		said += ", signing required"
	}
	if r.Encryption {
		said += ", can encrypt"
	}
	if r.Session != nil {
		said += ", " + *r.Session
	}
	return said
}

func plain(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func number(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

// octets is a size for programs, size one for people.
func octets(s *survey.Size) string {
	if s == nil {
		return ""
	}
	return strconv.FormatUint(uint64(*s), 10)
}

func size(s *survey.Size) string {
	if s == nil {
		return ""
	}
	return s.String()
}
