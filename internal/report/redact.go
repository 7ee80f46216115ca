package report

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// Redact returns a copy of a report in which tokens such as user-1f3a stand for all
// names: of users, domains, servers, shares, folders, groups. One name has one token,
// in every report another: the key is made here and forgotten, so that nobody can find
// a name by trying names. What says nothing by itself stays: rules, severities, states,
// counts, sizes, times. Messages and remedies, which have names in them, become those
// of their rule; fixes keep their kind alone. Fingerprints are tokens, too, so a
// redacted report is no baseline.
func Redact(r *audit.Report) *audit.Report {
	n := newNames(r)
	c := *r
	c.Redacted = true
	c.Domain, c.Server, c.Cost = n.name("domain", c.Domain), n.name("host", c.Server), n.words(c.Cost)
	c.Scope.OU, c.Scope.Group, c.Scope.Filter = n.name("ou", c.Scope.OU), n.name("group", c.Scope.Group), n.name("filter", c.Scope.Filter)
	c.Scope.Rules, c.Scope.Skip = each(c.Scope.Rules, n.ruleID), each(c.Scope.Skip, n.ruleID)
	c.Results = each(c.Results, func(result *audit.Result) {
		result.Reasons = each(result.Reasons, func(reason *audit.Reason) { reason.Text, reason.Objects = n.words(reason.Text), nil })
	})
	if !aFigure.MatchString(c.Scope.Since) {
		c.Scope.Since = n.words(c.Scope.Since)
	}
	rules := map[string]*audit.Rule{}
	for i := range r.Rules {
		rules[r.Rules[i].ID] = &r.Rules[i]
	}
	c.Findings = each(c.Findings, func(f *audit.Finding) { n.finding(f, rules[f.Rule]) })
	c.Unreachable = each(c.Unreachable, func(u *audit.Unreachable) { u.Name, u.Detail = n.place(u.Name), n.words(u.Detail) })
	c.Servers = each(c.Servers, n.server)
	return &c
}

// names gives tokens for names.
type names struct {
	key   [32]byte
	given map[string]string // folded name → what follows the kind
	used  map[string]bool
	kinds map[string]string // folded name → its kind, of names that have one wherever they stand
	known map[string]bool   // words that are no names
}

func newNames(r *audit.Report) *names {
	n := &names{given: map[string]string{}, used: map[string]bool{}, kinds: map[string]string{}, known: map[string]bool{}}
	_, _ = rand.Read(n.key[:]) // which never fails
	n.learn(ownWords)
	for _, rule := range r.Rules {
		n.learn(rule.Title, rule.Explanation, rule.Remedy)
	}
	for _, f := range r.Findings {
		n.kinds[folded(f.Login)] = "user"
	}
	for _, s := range r.Servers {
		n.kinds[folded(s.Name)] = "host"
		for _, share := range s.Shares {
			for _, home := range share.Homes {
				for _, login := range home.Logins {
					n.kinds[folded(login)] = "user"
				}
			}
		}
	}
	n.kinds[folded(r.Server)], n.kinds[folded(r.Domain)] = "host", "domain"
	return n
}

// ownWords are those of reasons, details and names of evidence that the rules' own texts
// may lack.
const ownWords = `no is are was were be been of the a an and or not to in on by for with from so none nobody it its that this which who what how here there
 read asked ask answer answers answered says say said known listed list configured configuration site service account accounts alone one level directory file server servers
 share shares home homes user users path name names valid missing deleted objects aliases second resolve resolves port closed refused timed out connection broke reached
 unreachable looked look may does do did has have cannot could can only seconds more than limit search page single reads handful visited visit each at most looks past
 rights permission permissions denied access checks check checked take takes place namespace target belongs sizes content free space changed since
 neither nor password further forest value values domain domains controller too many differ up again long those them folder lists much use directories outside junctions
 DFS links --expect-per-user lastLogonTimestamp descriptor descriptors served UTF-8 show scope called entered places UPN suffixes sure whenCreated objectClass userAccountControl
 --group --ou --naming --file-server others other their sample such as leads length until computed sealed SMB containers old new`

var (
	aWord   = regexp.MustCompile(`[^\s,;:()"“”]+`)
	aNumber = regexp.MustCompile(`^(\d{1,5}|\d{1,3}(,\d{3})+)$`)
	aGap    = regexp.MustCompile(`…([^\pL\d]?…)+`)
	aFigure = regexp.MustCompile(`^(-?[\d.,]+( ([KMGTPE]i)?B| days?| characters)?|\d{4}-\d\d-\d\d([T ][\d:.]+Z?( UTC)?)?|true|false|yes|no|none|never)$`)
	aRuleID = regexp.MustCompile(`^(?i:[A-Z]\d\d|[A-Z]?\*|[A-Z]\d\*)$`)
	aSID    = regexp.MustCompile(`^S-1-\d+(-\d+)+$`)
	// SIDs that every Windows machine has.
	everywhere = regexp.MustCompile(`^S-1-(\d+-\d{1,2}|5-32-\d+)$`)
)

// Evidence by its names: what is a figure, a time or a class and what is words of ours
// tells nobody's name. All else may.
const (
	figures    = " changed since until length accountExpires lastLogonTimestamp msDS-UserPasswordExpiryTimeComputed pwdLastSet userAccountControl groups free total SMB objectClass "
	plainWords = " may computed sealed "
)

// attributes may stand as a location: they are the schema's.
const attributes = ` msIIS-FTPRoot msIIS-FTPDir userAccountControl msDS-User-Account-Control-Computed msDS-UserPasswordExpiryTimeComputed accountExpires lastLogonTimestamp
 logonHours memberOf objectClass pwdLastSet userPrincipalName userWorkstations adminCount sAMAccountName distinguishedName schema `

func folded(name string) string { return strings.ToLower(strings.ToUpper(name)) }

// learn takes all words of texts for such as tell nobody's name.
func (n *names) learn(texts ...string) {
	for _, text := range texts {
		for _, word := range aWord.FindAllString(text, -1) {
			n.known[plain(word)] = true
		}
	}
}

// plain is a word without what a sentence puts behind it.
func plain(word string) string { return strings.ToLower(strings.TrimRight(word, ".!?…")) }

// keyed is a hash that nobody can make again.
func (n *names) keyed(text string) string {
	mac := hmac.New(sha256.New, n.key[:])
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}

// name returns the token of a name, "" for none. It is as short as no other name has it.
func (n *names) name(kind, name string) string {
	if name == "" {
		return ""
	}
	key := folded(name)
	token := n.given[key]
	if token == "" {
		hash := n.keyed(key)
		length := 4
		for length < len(hash) && n.used[hash[:length]] {
			length += 4
		}
		token = hash[:length]
		n.given[key], n.used[token] = token, true
	}
	if known := n.kinds[key]; known != "" {
		kind = known
	}
	return kind + "-" + token
}

// location is an attribute, a rule whose suppression has expired, or a place.
func (n *names) location(f *audit.Finding) string {
	if slices.Contains(strings.Fields(attributes), f.Location) || f.Rule == "C90" && aRuleID.MatchString(f.Location) {
		return f.Location
	}
	return n.place(f.Location)
}

// place returns a path with a token for each of its parts, so that what lies where can
// still be seen. Of anything else the token is one.
func (n *names) place(text string) string {
	switch {
	case everywhere.MatchString(text):
		return text
	case aSID.MatchString(text):
		return n.name("sid", text)
	case !strings.ContainsAny(text, `\/`):
		return n.name("name", text)
	}
	kinds := []string{}
	if strings.HasPrefix(text, `\\`) {
		kinds = []string{"host", "share"}
	}
	return n.parts(text, kinds)
}

// parts gives each part of a path its token: of the first ones a kind each, of all
// others that of a folder.
func (n *names) parts(path string, kinds []string) string {
	var shown strings.Builder
	for path != "" {
		end := strings.IndexAny(path, `\/`)
		if end == 0 {
			shown.WriteByte(path[0])
			path = path[1:]
			continue
		}
		if end < 0 {
			end = len(path)
		}
		kind := "dir"
		if len(kinds) > 0 {
			kind, kinds = kinds[0], kinds[1:]
		}
		shown.WriteString(n.name(kind, path[:end]))
		path = path[end:]
	}
	return shown.String()
}

// evidence keeps figures and times, and gives tokens for all else. A list has one for
// each of its entries.
func (n *names) evidence(e *audit.Evidence) {
	is := func(list string) bool { return strings.Contains(list, " "+e.Name+" ") }
	parts := strings.Split(e.Value, ", ")
	for i, part := range parts {
		switch {
		case is(plainWords):
			parts[i] = n.words(part)
		case is(figures) && (aFigure.MatchString(part) || e.Name == "objectClass" && n.known[plain(part)]):
		default:
			parts[i] = n.place(part)
		}
	}
	e.Value = strings.Join(parts, ", ")
	if !slices.Contains(strings.Fields(attributes), e.Name) {
		e.Name = n.words(e.Name)
	}
}

// words keeps the words that the rules use themselves, and numbers.
func (n *names) words(text string) string {
	shown := aWord.ReplaceAllStringFunc(text, func(word string) string {
		if n.known[plain(word)] || aNumber.MatchString(word) {
			return word
		}
		return "…"
	})
	return aGap.ReplaceAllString(shown, "…")
}

func (n *names) ruleID(id *string) {
	if !aRuleID.MatchString(*id) {
		*id = n.name("rule", *id)
	}
}

func (n *names) finding(f *audit.Finding, rule *audit.Rule) {
	f.GUID, f.SID, f.DN = n.name("guid", f.GUID), n.name("sid", f.SID), n.name("dn", f.DN)
	f.Login, f.Domain, f.Location = n.name("user", f.Login), n.name("domain", f.Domain), n.location(f)
	f.Evidence = each(f.Evidence, n.evidence)
	if f.Message, f.Remedy = "see rule "+f.Rule, "See rule "+f.Rule+"."; rule != nil {
		f.Message, f.Remedy = rule.Title, rule.Remedy
	}
	if f.Fix != nil {
		f.Fix = &audit.Fix{Action: f.Fix.Action}
	}
	if f.Fingerprint != "" {
		f.Fingerprint = n.keyed("fingerprint " + f.Fingerprint)[:32]
	}
	if f.Suppressed != "baseline" {
		f.Suppressed = n.name("reason", f.Suppressed)
	}
}

func (n *names) server(s *audit.Server) {
	if s.Name != "local" {
		s.Name = n.name("host", s.Name)
	}
	s.Detail = n.words(s.Detail)
	s.Shares = each(s.Shares, func(share *audit.Share) {
		share.Name, share.Detail = n.name("share", share.Name), n.words(share.Detail)
		share.Homes = each(share.Homes, func(home *audit.Home) {
			home.Path = n.parts(home.Path, nil)
			home.Logins = each(home.Logins, func(login *string) { *login = n.name("user", *login) })
		})
	})
}
