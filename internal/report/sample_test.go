package report_test

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/report"
)

// sample is a report with all that there can be: rules that found something, nothing,
// and could not tell; accepted findings; servers in every state.
func sample() *audit.Report {
	rule := func(id, title string, s audit.Severity) audit.Rule {
		return audit.Rule{ID: id, Title: title, Severity: s, Explanation: "Why " + id + " matters.", Remedy: "What to do about " + id + ": ftpisoctl set LOGIN.", References: []string{"RFC 959"}}
	}
	finding := func(id, login, location, message string) audit.Finding {
		return audit.Finding{
			Rule: id, Severity: audit.Critical, Status: audit.Found, Location: location, Message: message, Remedy: "Repair " + login + ".",
			Object:      audit.Object{GUID: "guid of " + login, SID: "S-1-5-21-1", DN: "CN=" + login + ",DC=corp,DC=example,DC=com", Login: login, Domain: "corp.example.com"},
			Evidence:    []audit.Evidence{{Name: "msIIS-FTPRoot", Value: `\\fs01\ftp$`}, {Name: "msIIS-FTPDir", Value: login}},
			Fingerprint: audit.FingerprintOf(id, login, location),
		}
	}
	accepted := finding("V07", "svc", "msIIS-FTPRoot", "the root is a local path")
	accepted.Status, accepted.Severity, accepted.Suppressed = audit.Suppressed, audit.Medium, "one server only"
	return &audit.Report{
		Schema: audit.Schema, Tool: "ftpisoctl 1.2.3", Started: time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC), Took: 1.25,
		Domain: "corp.example.com", Server: "dc1.corp.example.com", Level: 2, Cost: "directory and shares", Accounts: 12, Homes: 5,
		Scope: audit.Scope{Group: "FTP Partners", Skip: []string{"A05"}},
		Rules: []audit.Rule{
			rule("V05", "directory leaves its root", audit.Critical), rule("V07", "local root", audit.Medium),
			rule("X01", "two logins, one home", audit.Critical), rule("H01", "directory missing", audit.High), rule("A11", "many groups", audit.Low),
		},
		Results: []audit.Result{
			{Rule: "V05", Found: 1, Passed: 11}, {Rule: "V07", Passed: 11, Suppressed: 1}, {Rule: "X01", Found: 2, Passed: 3},
			{Rule: "H01", Passed: 2, NotChecked: 3, Reasons: []audit.Reason{{Text: "the server does not answer", Count: 3}}}, {Rule: "A11", Passed: 12},
		},
		Findings: []audit.Finding{
			finding("V05", "carol", "msIIS-FTPDir", "the directory has the component .."),
			finding("X01", "alice", `\\fs01\ftp$\alice`, "dave has the same home"), finding("X01", "dave", `\\fs01\ftp$\alice`, "alice has the same home"), accepted,
		},
		Unreachable: []audit.Unreachable{{Name: "fs02", Detail: "port 445 does not answer", Users: 3}},
		Servers: []audit.Server{
			{Name: "fs01", State: "ok", Shares: []audit.Share{
				{Name: "ftp$", State: "ok", Total: 4 << 30, Free: 1 << 30, Homes: []audit.Home{
					{Path: "alice", Logins: []string{"alice", "dave"}, State: "ok", Size: 3 << 20}, {Path: "bob", Logins: []string{"bob"}, State: "missing"}, {Logins: []string{"root"}},
				}},
				{Name: "gone$", State: "missing", Detail: "no such share"},
			}},
			{Name: "fs02", State: "unreachable", Detail: "port 445 does not answer", Shares: []audit.Share{{Name: "ftp$", Homes: []audit.Home{{Path: "erin", Logins: []string{"erin"}}}}}},
			{Name: "local", Shares: []audit.Share{{Name: `D:\`, Homes: []audit.Home{{Path: "svc", Logins: []string{"svc"}}}}}},
		},
	}
}

// hostile is a report in which every text is the same one.
func hostile(text string) *audit.Report {
	var r audit.Report
	fill(reflect.ValueOf(&r).Elem(), text)
	return &r
}

// fill sets all that is below v. Lists get two elements, so that what must be unique in
// a document is tried.
func fill(v reflect.Value, text string) {
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)))
		return
	case audit.Severity:
		v.Set(reflect.ValueOf(audit.High))
		return
	case audit.Status:
		v.Set(reflect.ValueOf(audit.Found))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint64:
		v.SetUint(1)
	case reflect.Float64:
		v.SetFloat(1)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), text)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), text)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), text)
		}
	default:
		panic("a report has a field of a kind that this test does not know: " + v.Kind().String())
	}
}

func write(t *testing.T, form report.Form, r *audit.Report, complete bool) string {
	t.Helper()
	var out bytes.Buffer
	if err := report.Write(&out, form, r, complete); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
