package cli

import (
	"reflect"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

func TestRecency(t *testing.T) {
	stamp := func(root, dir uint32, at int64) ldapattr.Stamp {
		return ldapattr.Stamp{Known: true, Root: ldapattr.Version{Number: root, Time: at}, Dir: ldapattr.Version{Number: dir, Time: at}}
	}
	changed := func(at int64) ldapattr.Stamp { return ldapattr.Stamp{Changed: time.Unix(at, 0)} }
	for _, tt := range []struct {
		name   string
		stamps []ldapattr.Stamp
		want   []string
	}{
		{"one is older", []ldapattr.Stamp{stamp(1, 2, 0), stamp(1, 1, 0), stamp(1, 2, 0)}, []string{"current", "lagging", "current"}},
		{"never written", []ldapattr.Stamp{stamp(0, 0, 0), stamp(1, 1, 0)}, []string{"lagging", "current"}},
		{"each has something newer", []ldapattr.Stamp{stamp(1, 2, 0), stamp(2, 1, 0)}, []string{"lagging", "lagging"}},
		{"the time decides", []ldapattr.Stamp{stamp(1, 1, 5), stamp(1, 1, 6)}, []string{"lagging", "current"}},
		{"the number decides before the time", []ldapattr.Stamp{stamp(1, 1, 6), stamp(2, 2, 5)}, []string{"lagging", "current"}},
		{"nothing decides", []ldapattr.Stamp{stamp(1, 1, 5), stamp(1, 1, 5)}, []string{"differs", "differs"}},
		{"one is not known", []ldapattr.Stamp{stamp(9, 9, 9), changed(2), changed(1)}, []string{"lagging", "current", "lagging"}},
		{"none is known", []ldapattr.Stamp{{}, {}}, []string{"differs", "differs"}},
	} {
		if got := recency(tt.stamps); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}
