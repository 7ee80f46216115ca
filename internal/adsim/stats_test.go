package adsim_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/adsim"
)

// five sends one request of each kind that is counted.
func five(c *ldap.Conn) {
	_ = c.Bind(aliceDN, "wrong")
	_, _ = c.Search(ask("(cn=alice)", "1.1"))
	_ = c.Modify(modify(aliceDN, replace("description", "x")))
	_ = c.Add(newUser("CN=New," + base))
	_ = c.Del(ldap.NewDelRequest("CN=None,"+base, nil))
}

func counted(s adsim.Stats) string {
	return fmt.Sprintf("binds %d searches %d modifies %d adds %d deletes %d", s.Binds, s.Searches, s.Modifies, s.Adds, s.Deletes)
}

// A test that says "no bind was sent" must see one that met a fault or a refusal.
func TestStats_countWhatArrives(t *testing.T) {
	for name, faults := range map[string]adsim.Faults{
		"anonymous": {}, "busy": {Busy: true}, "lost": {Lose: true},
	} {
		t.Run(name, func(t *testing.T) {
			d := startSeed(t, seed)
			d.SetFaults(faults)
			c := d.dial(t)
			for range 2 {
				if c.IsClosing() {
					break
				}
				five(c)
			}
			got := d.Stats()
			if name == "lost" {
				if got.Binds != 1 || got.ClearBinds != 1 {
					t.Errorf("got %s, want the bind before the connection ended", counted(got))
				}
				return
			}
			if want := "binds 2 searches 2 modifies 2 adds 2 deletes 2"; counted(got) != want {
				t.Errorf("got %s, want %s", counted(got), want)
			}
		})
	}
	for _, op := range []adsim.Op{adsim.OpBind, adsim.OpSearch, adsim.OpModify, adsim.OpAdd, adsim.OpDelete} {
		for name, faults := range map[string]adsim.Faults{"drop": {Only: op, Drop: true}, "delay": {Only: op, Delay: time.Hour}} {
			t.Run(name+" "+string(op), func(t *testing.T) {
				d := startSeed(t, seed)
				c := d.admin(t)
				before := d.Stats()
				d.SetFaults(faults)
				go five(c) // a delayed request ends with its connection
				eventually(t, "a counted "+string(op), func() bool {
					now := d.Stats()
					return map[adsim.Op]int{
						adsim.OpBind: now.Binds - before.Binds, adsim.OpSearch: now.Searches, adsim.OpModify: now.Modifies,
						adsim.OpAdd: now.Adds, adsim.OpDelete: now.Deletes,
					}[op] == 1
				})
			})
		}
	}
}
