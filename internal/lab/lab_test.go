package lab_test

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

// smallShare is the file server's share on a disk of its own of so many octets; grace has a folder there.
const smallShare, smallDisk = `ftpsmall$`, 4 << 20

// emptyShare is the file server's share in which nothing is.
const emptyShare = `ftpempty$`

func TestScriptsAgree(t *testing.T) {
	f, err := os.Open("names.sh")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	got := map[string]string{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if name, value, ok := strings.Cut(lines.Text(), "="); ok {
			got[strings.TrimPrefix(name, "LAB_")] = strings.Trim(value, "'")
		}
	}
	want := map[string]string{
		"DOMAIN": lab.Domain, "REALM": lab.Realm, "NETBIOS": lab.NetBIOS, "BASE_DN": lab.BaseDN,
		"DC": lab.DC, "DC_IP": lab.DCAddr, "FS": lab.FileServer, "FS_IP": lab.FileServerAddr,
		"FTP": lab.FTPServer, "FTP_IP": lab.FTPServerAddr, "CLIENT_IP": lab.ClientAddr,
		"ROGUE": lab.Rogue, "ROGUE_IP": lab.RogueAddr, "SHARE": lab.Share, "ENCRYPTED_SHARE": lab.EncryptedShare, "SMALL_SHARE": smallShare,
		"EMPTY_SHARE": emptyShare,
		"NAMESPACE":   "ftpdfs",
	}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("LAB_%s in names.sh: got %q, want %q as in lab.go", name, got[name], value)
		}
	}
}

func TestAccount_spellings(t *testing.T) {
	t.Setenv("FTPISOCTL_LAB_DIR", "/lab")
	got := []string{lab.Alice.UPN(), lab.Alice.DownLevelName(), lab.Alice.PasswordFile(), lab.CAFile(), lab.Krb5Conf(), lab.ShareDir()}
	want := []string{"alice@corp.example.com", `CORP\alice`, "/lab/passwords/alice", "/lab/ca.pem", "/lab/krb5.conf", "/lab/share"}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %s, want %s", got[i], want[i])
		}
	}
}
