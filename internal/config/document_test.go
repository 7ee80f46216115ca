package config_test

import (
	"fmt"
	"maps"
	"net/netip"
	"os"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/config/words"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

const document = "../../docs/configuration.md"

func readDocument(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// keys adds every key below v that takes a value, with its default as the
// document writes it.
func keys(v reflect.Value, path string, into map[string]string) {
	for i := range v.NumField() {
		field := v.Field(i)
		where := strings.TrimPrefix(path+"."+v.Type().Field(i).Tag.Get("yaml"), ".")
		switch field.Interface().(type) {
		case config.Connection:
			keys(field, path, into)
		case []config.Profile: // the other keys of a profile are those of the section
			into[where], into[where+"[].name"] = "none", "none"
		case []config.Site:
			keys(reflect.ValueOf(config.DefaultSite()), where+"[]", into)
		case []config.AuthorizationRule:
			into[where] = written(field)
			keys(reflect.ValueOf(config.DefaultAuthorizationRule()), where+"[]", into)
		case []config.FileServer, []config.Mapping, []config.IPEntry, []config.CommandEntry:
			into[where] = "none"
			keys(reflect.New(field.Type().Elem()).Elem(), where+"[]", into)
		case homedir.Location, netip.Addr, config.Network:
			into[where] = "none"
		default:
			if field.Kind() == reflect.Struct {
				keys(field, where, into)
			} else {
				into[where] = written(field)
			}
		}
	}
}

func written(v reflect.Value) string {
	if d, ok := v.Interface().(time.Duration); ok {
		return fmt.Sprintf("`%ds`", d/time.Second)
	}
	if v.Kind() == reflect.Slice {
		var items []string
		for i := range v.Len() {
			items = append(items, fmt.Sprint(v.Index(i)))
		}
		if len(items) == 0 {
			return "none"
		}
		return "`" + strings.Join(items, ", ") + "`"
	}
	if s := fmt.Sprint(v); s != "" {
		return "`" + s + "`"
	}
	return "none"
}

// Each key has its row with the true default, and no row lacks its key.
func TestDocument_holdsEveryKey(t *testing.T) {
	want := map[string]string{}
	keys(reflect.ValueOf(config.Default()), "", want)
	if runtime.GOOS == "windows" {
		want["sites[].logFile.directory"] = "`/var/log/ftpisoctl`" // the other one stands in the row's text
	}
	row := regexp.MustCompile("(?m)^\\| `([a-zA-Z0-9.\\[\\]]+)` \\| ([^|]*) \\| ([^|]+) \\| ([^|]+) \\|$")
	got := map[string]string{}
	for _, match := range row.FindAllStringSubmatch(readDocument(t), -1) {
		key, value := match[1], match[2]
		if _, twice := got[key]; twice {
			t.Errorf("%s has two rows", key)
		}
		got[key] = value
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		switch value, ok := got[key]; {
		case !ok:
			t.Errorf("%s has no row", key)
		case value != want[key]:
			t.Errorf("%s: the document says %s, the code %s", key, value, want[key])
		}
	}
	for key := range got {
		if _, ok := want[key]; !ok {
			t.Errorf("%s has a row, but is no key", key)
		}
	}
}

// The examples can be pasted.
func TestDocument_examplesAreValid(t *testing.T) {
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(readDocument(t), -1)
	if len(blocks) < 2 {
		t.Fatalf("%d examples", len(blocks))
	}
	for _, block := range blocks {
		if _, err := config.Parse("example", []byte(block[1])); err != nil {
			t.Errorf("%v\n%s", err, block[1])
		}
	}
}

// Each word that a key accepts is named in the document.
func TestDocument_namesEveryWord(t *testing.T) {
	text := readDocument(t)
	for _, word := range []string{
		string(words.SSLAllow), string(words.SSLRequire), string(words.SSLRequireCredentialsOnly), string(words.SSLDeny),
		string(words.ShowStyleUnix), string(words.ShowLongDate), string(words.ShowUseGMTTime),
		"SiteName", "ComputerName", "BytesSent", "BytesRecv", "TimeTaken", "ClientPort",
	} {
		if !strings.Contains(text, word) {
			t.Errorf("%s is not in the document", word)
		}
	}
}
