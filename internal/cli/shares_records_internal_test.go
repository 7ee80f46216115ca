package cli

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/negotiate"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/survey"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// The records of a survey are a contract; people see a share's quota and a server's
// protection.
func TestPlaceRecords_arePinned(t *testing.T) {
	share, err := homedir.ParseLocation(`\\fs01\ftp$`)
	if err != nil {
		t.Fatal(err)
	}
	alice := ldapattr.User{NetBIOSDomain: "CORP", SAMAccountName: "alice"}
	counts := survey.Counts{Homes: 2, Users: 3, Passed: 1, NotChecked: 1}
	for _, tt := range []struct {
		name    string
		record  placeRecord
		want    string
		summary []string // from "used" on
	}{
		{
			"home", homeRecord(&survey.Home{
				Server: "fs01", Volume: share, Location: share.Below("alice"), Users: []ldapattr.User{alice}, State: survey.Found, Owner: "",
				Findings: []survey.Finding{{ID: survey.NotWritable, Text: "no", Err: winerr.AccessDenied}},
				Access:   []survey.Access{{Account: alice, Rights: survey.List | survey.Read, Reason: "perhaps"}},
			}),
			`{"kind":"home","state":"problem","place":"\\\\fs01\\ftp$\\alice","server":"fs01","share":"\\\\fs01\\ftp$","users":["CORP\\alice"],"userCount":1,` +
				`"problems":[{"id":"ISO-H06","text":"no","win32":5}],"reason":null,"owner":null,"access":[{"user":"CORP\\alice","rights":["list","read"],"reason":"perhaps"}],` +
				`"total":null,"free":null,"left":null,"expected":null,"homes":null,"passed":null,"found":null,"notChecked":null,"smb":null}`, nil,
		},
		{
			"share", shareRecord(&survey.Share{
				Server: "fs01", Volume: share, Counts: counts, Space: &survey.Space{Total: 10 << 30, Free: 4 << 30, Left: 1 << 30}, Expected: 2 << 30,
				Anonymous: &survey.Access{Account: alice},
			}),
			`{"kind":"share","state":"ok","place":"\\\\fs01\\ftp$","server":"fs01","share":"\\\\fs01\\ftp$","users":null,"userCount":3,"problems":[],"reason":null,"owner":null,` +
				`"access":[{"user":"CORP\\alice","rights":[],"reason":null}],"total":10737418240,"free":4294967296,"left":1073741824,"expected":2147483648,` +
				`"homes":2,"passed":1,"found":0,"notChecked":1,"smb":null}`,
			[]string{"6.0 GiB", "4.0 GiB", "1.0 GiB", "2.0 GiB", ""},
		},
		{
			"server", serverRecord(&survey.Server{
				Name: "fs01", Counts: counts, Session: "kerberos",
				Offer: &negotiate.Offer{Dialect: "3.1.1", SigningRequired: true, Encryption: true, Ciphers: []string{"AES-128-GCM"}},
			}),
			`{"kind":"server","state":"ok","place":"fs01","server":"fs01","share":null,"users":null,"userCount":3,"problems":[],"reason":null,"owner":null,"access":null,` +
				`"total":null,"free":null,"left":null,"expected":null,"homes":2,"passed":1,"found":0,"notChecked":1,` +
				`"smb":{"dialect":"3.1.1","signingRequired":true,"encryption":true,"ciphers":["AES-128-GCM"],"session":"kerberos"}}`,
			[]string{"", "", "", "", "SMB 3.1.1, signing required, can encrypt, kerberos"},
		},
	} {
		got, err := json.Marshal(tt.record)
		if err != nil || string(got) != tt.want {
			t.Errorf("%s: %v\ngot  %s\nwant %s", tt.name, err, got, tt.want)
		}
		if cells := placeCells(tt.record); len(cells) != len(placeList().columns) || !strings.HasPrefix(cells[0], tt.name) {
			t.Errorf("%s: cells %q", tt.name, cells)
		}
		if cells := summaryCells(tt.record); tt.summary != nil && !slices.Equal(cells[6:], tt.summary) {
			t.Errorf("%s: summary %q, want %q", tt.name, cells[6:], tt.summary)
		}
	}
}
