//go:build unix

package isolation_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// What a login costs beside the opening of its home: the look-up of the name and
// the bind, with and without the attributes kept.
func BenchmarkLogin(b *testing.B) {
	for _, keep := range []time.Duration{0, time.Minute} {
		b.Run(fmt.Sprint("adCacheRefresh=", keep), func(b *testing.B) {
			d := start(b, keep, resident("alice"))
			d.homes(b, "alice")
			password := secret.New("pw-alice")
			for b.Loop() {
				session, err := d.resolver.Login(b.Context(), "alice", password)
				if err != nil {
					b.Fatal(err)
				}
				if err := session.Root.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
