package audit

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

func placeOf(t testing.TB, login, path string) Place {
	t.Helper()
	l, err := homedir.ParseLocation(path)
	if err != nil {
		t.Fatal(err)
	}
	return Place{Object: Object{Login: login}, Location: l, Key: keyOf(l, map[string]string{"nas": "fs01.corp"})}
}

func TestKeyOf_isOneForAllSpellings(t *testing.T) {
	want := placeOf(t, "", `\\fs01.corp\ftp$\homes\joe`).Key
	for _, same := range []string{`\\FS01.corp\FTP$\Homes\JOE`, `\\fs01.corp/ftp$/homes//joe/`, `\\nas\ftp$\.\homes\joe\`, `\\NAS\ftp$\homes\joe`} {
		if got := placeOf(t, "", same).Key; got != want {
			t.Errorf("%s: got %q, want %q", same, got, want)
		}
	}
	for _, other := range []string{`\\fs02.corp\ftp$\homes\joe`, `\\fs01.corp\ftp$\homes\joey`, `\\fs01.corp\ftp$\homes`, `D:\homes\joe`, `/homes/joe`} {
		if placeOf(t, "", other).Key == want {
			t.Errorf("%s has the same key", other)
		}
	}
	if placeOf(t, "", "/A").Key == placeOf(t, "", "/a").Key {
		t.Error("letter case does not count in POSIX paths")
	}
}

func TestOverlaps(t *testing.T) {
	c := newCrowd()
	for login, path := range map[string]string{
		"ann": `\\fs01.corp\h\ann`, "al": `\\nas\h\Ann`, "anna": `\\fs01.corp\h\anna`, "inner": `\\fs01.corp\h\ann\deep\er`,
		"deepest": `\\fs01.corp\h\ann\deep\er\still`, "bob": `\\fs01.corp\h\bob`, "other": `\\fs01.corp\h2\ann`, "space": `\\fs01.corp\h\ann !\x`,
	} {
		c.places = append(c.places, placeOf(t, login, path))
	}
	sortPlaces(c.places)
	logins := func(places []Place) (list []string) {
		for _, p := range places {
			list = append(list, p.Login)
		}
		return list
	}
	var got []string
	c.Overlaps(func(same, above []Place) bool {
		got = append(got, fmt.Sprint(logins(same), "in", logins(above)))
		return true
	})
	slices.Sort(got)
	want := []string{"[al ann]in[]", "[anna]in[]", "[bob]in[]", "[deepest]in[inner]", "[inner]in[al ann]", "[other]in[]", "[space]in[]"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// Where each user has a file server of his own the map of them is made in time, too.
func TestServers_asManyAsHomes(t *testing.T) {
	const n = 30_000
	c := newCrowd()
	for i := range n {
		c.places = append(c.places, placeOf(t, fmt.Sprint("u", i), fmt.Sprintf(`\\PC%05d\ftp`, i)))
	}
	sortPlaces(c.places)
	began := time.Now()
	if list := c.servers(); len(list) != n || list[7].Name != "PC00007" || len(list[7].Shares) != 1 {
		t.Errorf("got %d servers", len(list))
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it takes %v", took)
	}
}

// The time for each home must grow hardly at all: O(n log n).
func BenchmarkOverlaps(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			places := make([]Place, n)
			for i := range places {
				// In no order, every tenth home within another.
				path := fmt.Sprintf(`\\fs%02d\ftp$\homes\u%06d`, i%7, i*7919%n)
				if i%10 == 0 {
					path += `\inner`
				}
				places[i] = placeOf(b, fmt.Sprint("u", i), path)
			}
			c := newCrowd()
			b.ResetTimer()
			for b.Loop() {
				c.places = slices.Clone(places)
				sortPlaces(c.places)
				c.Overlaps(func(_, _ []Place) bool { return true })
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/home")
		})
	}
}
