package report_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/report"
)

// kind says what the standard allows at a place. The tables below are written by hand
// from the text of SARIF 2.1.0 and are the part of its schema that a report of ours
// touches: what must be there, what may, of which type, and which words. Like the schema
// they refuse every property that they do not name. The schema itself belongs to OASIS and
// is not here; docs/testing.md tells how reports were held to it.
type kind struct {
	of       string   // "object", "array", "string", "integer", "boolean", "bag" or "texts", a bag of strings
	object   string   // of an object: its table
	elements *kind    // of an array
	words    []string // of a string: all that there are
	begins   string   // of a string
	unique   bool     // of an array: no two elements are equal
	moment   bool     // of a string: a time (RFC 3339)
}

type table struct {
	required []string // must be there; of "a or b" one
	may      map[string]kind
}

func sarifTables() map[string]table {
	str := kind{of: "string"}
	list := func(object string) kind {
		return kind{of: "array", elements: &kind{of: "object", object: object}}
	}
	set := func(object string) kind { k := list(object); k.unique = true; return k }
	one := func(object string) kind { return kind{of: "object", object: object} }
	level := kind{of: "string", words: []string{"none", "note", "warning", "error"}}
	return map[string]table{
		"log":        {[]string{"version", "runs"}, map[string]kind{"$schema": {of: "string", begins: "https://"}, "version": {of: "string", words: []string{"2.1.0"}}, "runs": list("run")}},
		"run":        {[]string{"tool"}, map[string]kind{"tool": one("tool"), "automationDetails": one("automation"), "invocations": list("invocation"), "results": list("result"), "properties": {of: "bag"}}},
		"tool":       {[]string{"driver"}, map[string]kind{"driver": one("component")}},
		"component":  {[]string{"name"}, map[string]kind{"name": str, "fullName": str, "rules": set("rule")}},
		"automation": {nil, map[string]kind{"id": str}},
		"rule": {[]string{"id"}, map[string]kind{
			"id": str, "shortDescription": one("message"), "fullDescription": one("message"), "help": one("message"), "defaultConfiguration": one("setting"), "properties": one("facts"),
		}},
		"facts": {nil, map[string]kind{
			"tags": {of: "array", elements: &str, unique: true}, "security-severity": str, "severity": str, "level": {of: "integer"},
			"found": {of: "integer"}, "passed": {of: "integer"}, "notChecked": {of: "integer"}, "suppressed": {of: "integer"},
		}},
		"setting": {nil, map[string]kind{"level": level}},
		"message": {[]string{"text"}, map[string]kind{"text": str}},
		"invocation": {[]string{"executionSuccessful"}, map[string]kind{
			"executionSuccessful": {of: "boolean"}, "startTimeUtc": {of: "string", moment: true}, "endTimeUtc": {of: "string", moment: true}, "toolExecutionNotifications": list("notification"),
		}},
		"notification": {[]string{"message"}, map[string]kind{"message": one("message"), "level": level, "associatedRule": one("ruleLink")}},
		"ruleLink":     {[]string{"id or index"}, map[string]kind{"id": str, "index": {of: "integer"}}},
		"result": {[]string{"message"}, map[string]kind{
			"ruleId": str, "ruleIndex": {of: "integer"}, "level": level, "message": one("message"), "locations": list("location"),
			"partialFingerprints": {of: "texts"}, "suppressions": set("suppression"), "properties": {of: "bag"},
		}},
		"location":    {nil, map[string]kind{"physicalLocation": one("physical"), "logicalLocations": set("logical")}},
		"physical":    {[]string{"artifactLocation"}, map[string]kind{"artifactLocation": one("artifact"), "region": one("region")}},
		"artifact":    {nil, map[string]kind{"uri": str}},
		"region":      {nil, map[string]kind{"startLine": {of: "integer"}}},
		"logical":     {nil, map[string]kind{"name": str, "fullyQualifiedName": str, "kind": str}},
		"suppression": {[]string{"kind"}, map[string]kind{"kind": {of: "string", words: []string{"inSource", "external"}}, "status": {of: "string", words: []string{"accepted", "underReview", "rejected"}}, "justification": str}},
	}
}

// validate returns what is wrong with a value.
func validate(path string, v any, want kind) []string {
	wrong := func(format string, args ...any) []string { return []string{path + ": " + fmt.Sprintf(format, args...)} }
	switch want.of {
	case "object":
		object, ok := v.(map[string]any)
		if !ok {
			return wrong("is %T, want an object", v)
		}
		return validateObject(path, object, sarifTables()[want.object])
	case "array":
		array, ok := v.([]any)
		if !ok {
			return wrong("is %T, want an array", v)
		}
		var found []string
		for i, element := range array {
			found = append(found, validate(fmt.Sprintf("%s[%d]", path, i), element, *want.elements)...)
			if want.unique && slices.ContainsFunc(array[:i], func(other any) bool { return reflect.DeepEqual(other, element) }) {
				found = append(found, fmt.Sprintf("%s[%d] is there twice", path, i))
			}
		}
		return found
	case "string":
		s, ok := v.(string)
		if !ok || want.words != nil && !slices.Contains(want.words, s) || !strings.HasPrefix(s, want.begins) {
			return wrong("is %v, want a string %v", v, want.words)
		}
		if _, err := time.Parse(time.RFC3339, s); want.moment && err != nil {
			return wrong("is %v, want a time", v)
		}
	case "integer":
		if n, ok := v.(float64); !ok || n != float64(int(n)) || n < -1 {
			return wrong("is %v, want an index", v)
		}
	case "boolean":
		if _, ok := v.(bool); !ok {
			return wrong("is %v, want true or false", v)
		}
	case "bag", "texts":
		bag, ok := v.(map[string]any)
		if !ok {
			return wrong("is %T, want a bag", v)
		}
		for name, inner := range bag {
			if _, ok := inner.(string); !ok && want.of == "texts" {
				return wrong("%s is %T, want a string", name, inner)
			}
		}
	default:
		return wrong("the table knows no %q", want.of)
	}
	return nil
}

func validateObject(path string, object map[string]any, want table) []string {
	var found []string
	for _, name := range want.required {
		if !slices.ContainsFunc(strings.Split(name, " or "), func(one string) bool { return object[one] != nil }) {
			found = append(found, path+" has no "+name)
		}
	}
	for name, inner := range object {
		allowed, ok := want.may[name]
		if !ok {
			found = append(found, path+" has a property "+name)
			continue
		}
		found = append(found, validate(path+"."+name, inner, allowed)...)
	}
	return found
}

func readSARIF(t *testing.T, r *audit.Report, complete bool) map[string]any {
	t.Helper()
	var log map[string]any
	if err := json.Unmarshal([]byte(write(t, report.SARIF, r, complete)), &log); err != nil {
		t.Fatal(err)
	}
	return log
}

func TestSARIF_schema(t *testing.T) {
	for _, r := range []*audit.Report{sample(), {}, hostile("x"), hostile("")} {
		for _, complete := range []bool{true, false} {
			for _, wrong := range validate("log", readSARIF(t, r, complete), kind{of: "object", object: "log"}) {
				t.Error(wrong)
			}
		}
	}
	log := readSARIF(t, sample(), true)
	log["extra"] = 1
	delete(log, "version")
	run := log["runs"].([]any)[0].(map[string]any)
	driver := run["tool"].(map[string]any)["driver"].(map[string]any)
	driver["rules"] = append(driver["rules"].([]any), driver["rules"].([]any)[0])
	run["invocations"].([]any)[0].(map[string]any)["startTimeUtc"] = "yesterday"
	run["results"].([]any)[0].(map[string]any)["partialFingerprints"] = map[string]any{"ftpisoctl/v1": 1}
	if got := validate("log", log, kind{of: "object", object: "log"}); len(got) != 5 {
		t.Errorf("planted violations: got %q", got)
	}
}

// All rules are declared, each result leads to its own, and states and weights are said.
func TestSARIF_results(t *testing.T) {
	var log struct {
		Runs []struct {
			Tool struct {
				Driver struct {
					Rules []struct {
						ID         string
						Properties map[string]any
					}
				}
			}
			Invocations []struct {
				ExecutionSuccessful        bool
				StartTimeUtc, EndTimeUtc   string
				ToolExecutionNotifications []struct{ Message struct{ Text string } }
			}
			Results []struct {
				RuleID              string
				RuleIndex           int
				Level               string
				PartialFingerprints map[string]string
				Suppressions        []struct{ Justification string }
			}
		}
	}
	r := sample()
	if err := json.Unmarshal([]byte(write(t, report.SARIF, r, true)), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if len(run.Tool.Driver.Rules) != len(r.Rules) || len(run.Results) != len(r.Findings) {
		t.Fatalf("%d rules and %d results", len(run.Tool.Driver.Rules), len(run.Results))
	}
	for i, result := range run.Results {
		f := r.Findings[i]
		if run.Tool.Driver.Rules[result.RuleIndex].ID != f.Rule || result.RuleID != f.Rule || result.PartialFingerprints["ftpisoctl/v1"] != f.Fingerprint {
			t.Errorf("result %d is %+v", i, result)
		}
		if suppressed := len(result.Suppressions) == 1; suppressed != (f.Status == audit.Suppressed) {
			t.Errorf("result %d has the suppressions %v", i, result.Suppressions)
		}
	}
	if run.Results[0].Level != "error" || run.Results[3].Level != "warning" || run.Results[3].Suppressions[0].Justification != "one server only" {
		t.Errorf("got %+v", run.Results)
	}
	if got := run.Tool.Driver.Rules[3].Properties; got["notChecked"] != 3.0 || got["security-severity"] != "8.0" {
		t.Errorf("H01 says %v", got)
	}
	ran := run.Invocations[0]
	if !ran.ExecutionSuccessful || ran.StartTimeUtc != "2026-05-04T03:02:01Z" || ran.EndTimeUtc != "2026-05-04T03:02:02Z" || len(ran.ToolExecutionNotifications) != 2 {
		t.Errorf("got %+v", ran)
	}
}

// Each result has what GitHub's code scanning refuses a file without: a relative address
// and a line; and the fingerprint by the only name that it looks at. Whatever an object is
// called, the address leads neither up nor to another machine, and two have two.
func TestSARIF_codeScanning(t *testing.T) {
	names := []string{"alice", "", ".", "..", "...", "/", "//evil.example/x", `\\evil.example\x`, `C:\x`, "file:///etc/passwd", "a b?c#d%2e%2e", "\u202eü", "../../x"}
	for _, attack := range attacks {
		names = append(names, attack.text)
	}
	r := &audit.Report{}
	for _, name := range names {
		r.Findings = append(r.Findings, audit.Finding{Rule: "V01", Severity: audit.High, Status: audit.Found, Object: audit.Object{Login: name, Domain: name}, Fingerprint: "00ff"})
	}
	var log struct {
		Runs []struct {
			Results []struct {
				PartialFingerprints map[string]string
				Locations           []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           struct{ StartLine int }
					}
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(write(t, report.SARIF, r, true)), &log); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for i, result := range log.Runs[0].Results {
		if len(result.Locations) != 1 || result.PartialFingerprints["primaryLocationLineHash"] != "00ff" {
			t.Fatalf("%q: got %+v", names[i], result)
		}
		place := result.Locations[0].PhysicalLocation
		at, err := url.Parse(place.ArtifactLocation.URI)
		if err != nil || at.Scheme != "" || at.Host != "" || at.RawQuery != "" || at.Fragment != "" || place.Region.StartLine != 1 {
			t.Errorf("%q is at %+v (%v)", names[i], place, err)
			continue
		}
		parts := strings.Split(at.EscapedPath(), "/")
		if len(parts) != 3 || parts[0] != "ftpisoctl-audit" || strings.Trim(parts[1], ".") == "" || strings.Trim(parts[2], ".") == "" || seen[at.EscapedPath()] {
			t.Errorf("%q is at %q", names[i], place.ArtifactLocation.URI)
		}
		seen[at.EscapedPath()] = true
	}
	if len(seen) != len(names) {
		t.Errorf("%d addresses of %d names", len(seen), len(names))
	}
}
