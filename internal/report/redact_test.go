package report_test

import (
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/report"
)

// withNames is a report with names wherever a name may stand.
func withNames() *audit.Report {
	finding := func(rule, login, location, message string, evidence ...audit.Evidence) audit.Finding {
		return audit.Finding{
			Rule: rule, Severity: audit.High, Status: audit.Found, Location: location, Message: message, Remedy: "ftpisoctl shares mkdir " + login,
			Object:   audit.Object{GUID: "4d73039f-33ba-3d54-bbf0-d047ccc9439f", SID: "S-1-5-21-105341501-1697454131-850948267-1104", DN: "CN=Wanda Quux,OU=Zulu Yard,DC=kyoto,DC=test", Login: login, Domain: "kyoto.test"},
			Evidence: evidence, Fix: &audit.Fix{Action: "set", Before: audit.FixValues{Root: `\\jupiter\wares$`}, After: audit.FixValues{Dir: "wquux"}, Place: `\\jupiter\wares$\wquux`},
			Fingerprint: audit.FingerprintOf(rule, login, location),
		}
	}
	r := sample()
	r.Domain, r.Server, r.Cost = "kyoto.test", "pluto.kyoto.test", "directory: one search; jupiter is visited, 12 homes"
	r.Scope = audit.Scope{OU: "OU=Zulu Yard,DC=kyoto,DC=test", Group: "Yoga Group", Filter: "(sn=quux)", Rules: []string{"V*", "X01", "quux"}, Skip: []string{"A05"}}
	r.Results[3].Reasons[0] = audit.Reason{Text: "the server jupiter does not answer: kyoto.test is 192.0.2.77", Count: 3, Objects: []string{"wquux"}}
	r.Findings = []audit.Finding{
		finding("X01", "wquux", `\\jupiter.kyoto.test\wares$\wquux\1234567`, "vixen and wquux have this home", audit.Evidence{Name: "others", Value: "vixen, 7654321, wquux"}, audit.Evidence{Name: "home", Value: `\\JUPITER\Wares$\WQUUX`}),
		finding("H01", "vixen", "msIIS-FTPDir", `KYOTO\vixen may not read`, audit.Evidence{Name: "msIIS-FTPDir", Value: "1234567"}, audit.Evidence{Name: "changed", Value: "2026-01-02"}, audit.Evidence{Name: "objectClass", Value: "jupiter"}, audit.Evidence{Name: "quux", Value: "true"}),
		finding("Z99", "S-1-5-21-105341501-1697454131-850948267-1105", "S-1-5-21-105341501-1697454131-850948267-1105", `KYOTO\Yoga Group may write`, audit.Evidence{Name: "may", Value: "write quux"}),
		finding("C90", "vix*", "V07", "the suppression of V07 for vix* has expired", audit.Evidence{Name: "reason", Value: "decided by Wanda Quux"}),
	}
	r.Findings[1].Status, r.Findings[1].Suppressed = audit.Suppressed, "Wanda Quux says so"
	r.Unreachable = []audit.Unreachable{{Name: `\\jupiter\gone$`, Detail: "dial tcp 192.0.2.77:445: connection refused by jupiter", Users: 2}}
	r.Servers = []audit.Server{{Name: "jupiter", State: "ok", Detail: "lookup jupiter: no such host", Shares: []audit.Share{{Name: "wares$", State: "ok", Detail: "wares$ is full", Homes: []audit.Home{
		{Path: "deep/wquux", Logins: []string{"wquux", "vixen", "1234567"}, State: "ok", Size: 4096}, {Path: "", Logins: []string{"vixen"}},
	}}}}, {Name: "local", Shares: []audit.Share{{Name: `Q:\`, Homes: []audit.Home{{Path: `wquux`}}}}}}
	return r
}

// secrets are the parts of all names there, as patterns of whole words.
var secrets = []string{
	"wanda", "quux", "wquux", "zulu", "yard", "kyoto", "jupiter", "pluto", "wares", "vixen", `vix\*`, "1234567", "7654321", "yoga", "192.0.2.77", "105341501", "4d73039f", "deep", "gone", `q:`,
}

// In no form of a redacted report is any part of any name.
func TestRedact_noNameIsLeft(t *testing.T) {
	original := withNames()
	redacted := report.Redact(original)
	if !reflect.DeepEqual(original, withNames()) {
		t.Fatal("the report itself has changed")
	}
	texts := map[string]string{}
	for _, form := range report.Forms() {
		texts[form] = write(t, report.Form(form), redacted, true)
	}
	text, err := json.Marshal(redacted)
	if err != nil {
		t.Fatal(err)
	}
	texts["json"] = string(text)
	for form, text := range texts {
		for _, secret := range secrets {
			if place := regexp.MustCompile(`(?i)\b` + strings.TrimSuffix(secret, ":") + `\b`).FindStringIndex(text); place != nil {
				t.Errorf("%s: %q is in …%s…", form, secret, text[max(0, place[0]-60):min(len(text), place[1]+40)])
			}
		}
		for _, f := range original.Findings {
			if strings.Contains(text, f.Fingerprint) {
				t.Errorf("%s has the fingerprint of %s", form, f.Login)
			}
		}
	}
	if !strings.Contains(texts["html"], "Tokens of this report alone stand for names") || !strings.Contains(texts["markdown"], "Tokens of this report alone") {
		t.Error("nothing says that names are tokens")
	}
}

// One name has one token wherever it stands, whatever its letter case, so that the
// report still tells who is where; figures, times and words of ours stay.
func TestRedact_tokens(t *testing.T) {
	r := report.Redact(withNames())
	f := r.Findings[0]
	if !regexp.MustCompile(`^user-[0-9a-f]{4,8}$`).MatchString(f.Login) {
		t.Errorf("the login is %q", f.Login)
	}
	others, home := strings.Split(f.Evidence[0].Value, ", "), strings.Split(f.Evidence[1].Value, `\`)
	if len(others) != 3 || others[0] != r.Findings[1].Login || others[2] != f.Login || others[1] == r.Servers[0].Shares[0].Homes[0].Logins[2] {
		t.Errorf("the others are %q", others)
	}
	server := r.Servers[0]
	if len(home) != 5 || home[2] != server.Name || home[3] != server.Shares[0].Name || home[4] != f.Login || server.Shares[0].Homes[0].Logins[0] != f.Login {
		t.Errorf("the home is %q on %+v", home, server)
	}
	if !strings.HasPrefix(server.Name, "host-") || !strings.HasPrefix(server.Shares[0].Name, "share-") || !regexp.MustCompile(`^dir-[0-9a-f]+/user-[0-9a-f]+$`).MatchString(server.Shares[0].Homes[0].Path) || server.Shares[0].Homes[1].Path != "" {
		t.Errorf("the server is %+v", server)
	}
	if f.Message != "two logins, one home" || f.Remedy != "What to do about X01: ftpisoctl set LOGIN." || r.Findings[2].Message != "see rule Z99" || *f.Fix != (audit.Fix{Action: "set"}) {
		t.Errorf("got %+v", f)
	}
	if e := r.Findings[1].Evidence; r.Findings[1].Location != "msIIS-FTPDir" || e[0].Name != "msIIS-FTPDir" || e[1].Value != "2026-01-02" || e[3].Name != "…" {
		t.Errorf("the evidence is %+v", e)
	}
	if r.Findings[3].Location != "V07" || r.Servers[1].Name != "local" || r.Domain != f.Domain || len(f.Fingerprint) != 32 || r.Findings[2].Location != r.Findings[2].Login {
		t.Errorf("got %+v", r)
	}
	if got := r.Results[3].Reasons[0].Text; got != "the server … does not answer: … is …" {
		t.Errorf("the reason is %q", got)
	}
	if got := r.Unreachable[0]; !regexp.MustCompile(`^\\\\host-[0-9a-f]+\\share-[0-9a-f]+$`).MatchString(got.Name) || strings.Contains(got.Detail, "jupiter") || !strings.Contains(got.Detail, "connection refused by …") {
		t.Errorf("got %+v", got)
	}
	if again := report.Redact(withNames()); again.Findings[0].Login == f.Login || again.Findings[0].Fingerprint == f.Fingerprint {
		t.Error("another report has the same tokens")
	}
}

// However many names there are, no two share a token.
func TestRedact_manyNames(t *testing.T) {
	r := &audit.Report{Servers: []audit.Server{{Name: "s", Shares: []audit.Share{{Name: "t"}}}}}
	share := &r.Servers[0].Shares[0]
	for i := range 50_000 {
		share.Homes = append(share.Homes, audit.Home{Path: strings.Repeat("x", i%7) + string(rune('A'+i%26)) + strings.Repeat("y", i/182)})
	}
	before, after := map[string]bool{}, map[string]bool{}
	for i, home := range report.Redact(r).Servers[0].Shares[0].Homes {
		before[strings.ToLower(share.Homes[i].Path)], after[home.Path] = true, true
	}
	if len(before) != len(after) || len(before) < 40_000 {
		t.Errorf("%d names have %d tokens", len(before), len(after))
	}
}
