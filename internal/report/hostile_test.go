package report_test

import (
	"encoding/json"
	"encoding/xml"
	"html"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/ftpisoctl/ftpisoctl/internal/report"
)

// attacks are texts that somebody who may write one attribute, or name one folder, could
// have put there.
var attacks = []struct{ name, text string }{
	{"script", `</script><script>alert(1)</script>`},
	{"title", `</title></style></code></td><svg onload=alert(1)>`},
	{"attribute", `" onmouseover="alert(1)" x='` + "`"},
	{"image", `"><img src=http://evil.example/x.png onerror=alert(1)>`},
	{"address", `javascript:alert(1)`},
	{"formula", `=cmd|' /C calc'!A0`},
	{"terminal", "\x1b[2J\x1b]0;owned\x07\u009b31m\x00"},
	{"lines", "a\nb\r\n\r\n# c\n- d\n::error::e\u2028f\u2029g\vh"},
	{"direction", "abc\u202etxt.exe\u202c\u2066x\u2069\u200f\ufeff"},
	{"link", `[click](http://evil.example/) ![x](http://evil.example/) \[y\](http://evil.example/) <http://evil.example/>`},
	{"mention", "@everyone www.evil.example https://evil.example mail@evil.example #1"},
	{"code", "`a` ``b`` ```c`"},
	{"table", `a|b\|c\\|d`},
	{"template", `{{.}} {0} {{printf "%s"}} ${x} %s %d`},
	{"data", `]]><x/><![CDATA[ --> <!-- &lt; &amp; &#60;`},
	{"octets", "\xff\xfe\xc3\x28"},
}

// No text of a report acts, whatever form is asked for: not in a terminal that shows the
// document, and not in what reads the form.
func TestWrite_nothingActs(t *testing.T) {
	readers := map[report.Form]func(*testing.T, string){
		report.SARIF: inertSARIF, report.JUnit: inertXML, report.Markdown: inertMarkdown, report.HTML: inertHTML,
	}
	for _, attack := range attacks {
		for form, check := range readers {
			t.Run(attack.name+" in "+string(form), func(t *testing.T) {
				text := write(t, form, hostile(attack.text), false)
				for _, r := range text {
					if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == 0x2028 || r == 0x2029) {
						t.Fatalf("%U is in the document", r)
					}
				}
				check(t, text)
			})
		}
	}
}

// What cannot be seen is not left out: it stands there as its number.
func TestWrite_showsWhatIsHidden(t *testing.T) {
	for _, form := range report.Forms() {
		text := html.UnescapeString(write(t, report.Form(form), hostile("a\u202eb\x1bc"), true))
		if !strings.Contains(text, "a‹U+202E›b‹U+001B›c") {
			t.Errorf("%s hides what was found: %s", form, text)
		}
	}
}

// inertSARIF looks for links in messages: an opening bracket that is not escaped.
func inertSARIF(t *testing.T, text string) {
	var log map[string]any
	if err := json.Unmarshal([]byte(text), &log); err != nil {
		t.Fatal(err)
	}
	bracket := regexp.MustCompile(`(\\*)[\[\]]`)
	var look func(key string, v any)
	look = func(key string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, inner := range v {
				look(k, inner)
			}
		case []any:
			for _, inner := range v {
				look(key, inner)
			}
		case string:
			if key != "text" {
				return
			}
			for _, match := range bracket.FindAllStringSubmatch(v, -1) {
				if len(match[1])%2 == 0 {
					t.Errorf("a bracket of %q could begin or end a link", v)
				}
			}
			if bare := strings.NewReplacer("{{", "", "}}", "").Replace(v); strings.ContainsAny(bare, "{}") {
				t.Errorf("%q has a placeholder", v)
			}
		}
	}
	look("", log)
}

// inertXML looks for elements that a report has not.
func inertXML(t *testing.T, text string) {
	known := map[string]bool{"testsuites": true, "testsuite": true, "testcase": true, "failure": true, "error": true, "skipped": true}
	decoder := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if !known[token.Name.Local] {
				t.Errorf("there is an element %s", token.Name.Local)
			}
		case xml.Comment, xml.Directive:
			t.Errorf("there is %T", token)
		}
	}
}

// inertMarkdown takes code spans out, in which nothing acts, and looks at what is left.
func inertMarkdown(t *testing.T, text string) {
	for _, line := range strings.Split(text, "\n") {
		bare := withoutCode(t, line)
		seen := strings.NewReplacer(`\`, "", "&#8204;", "\u200c").Replace(strings.ToLower(bare)) // as a reader of Markdown sees it
		for _, bad := range []string{"://", "www.", "<script", "<img", "<svg"} {
			if strings.Contains(seen, bad) {
				t.Errorf("%q is outside of code: %s", bad, bare)
			}
		}
		if regexp.MustCompile(`[@#]\w`).MatchString(seen) {
			t.Errorf("there is a mention: %s", bare)
		}
		if regexp.MustCompile(`(^|[^\\])(\\\\)*[\[\]]`).MatchString(bare) {
			t.Errorf("a bracket could begin a link: %s", bare)
		}
		if strings.ContainsAny(strings.ReplaceAll(bare, "<br>", ""), "<>") {
			t.Errorf("there are tags: %s", bare)
		}
		if cells := strings.Count(bare, "|") - strings.Count(bare, `\|`); strings.HasPrefix(line, "|") && cells != 4 && cells != 7 {
			t.Errorf("a row has %d bars: %s", cells, line)
		}
	}
	headings := regexp.MustCompile(`(?m)^#+ .*$`).FindAllString(text, -1)
	for _, heading := range headings {
		if !regexp.MustCompile("^(# Audit of FTP user isolation|## Rule `.*|## Not checked|## Servers and shares)$").MatchString(heading) {
			t.Errorf("there is a heading %q", heading)
		}
	}
}

// withoutCode takes code spans out of a line as CommonMark (6.1) finds them: a string of
// backticks up to the next one of the same length, unless a backslash stands before it.
func withoutCode(t *testing.T, line string) string {
	t.Helper()
	var bare strings.Builder
	for i := 0; i < len(line); {
		if line[i] == '\\' && i+1 < len(line) {
			bare.WriteString(line[i : i+2])
			i += 2
			continue
		}
		if line[i] != '`' {
			bare.WriteByte(line[i])
			i++
			continue
		}
		fence := len(line[i:]) - len(strings.TrimLeft(line[i:], "`"))
		end := -1
		for _, place := range regexp.MustCompile("`+").FindAllStringIndex(line[i+fence:], -1) {
			if place[1]-place[0] == fence {
				end = i + fence + place[1]
				break
			}
		}
		if end < 0 {
			t.Fatalf("a code span does not end: %s", line)
		}
		i = end
	}
	return bare.String()
}
