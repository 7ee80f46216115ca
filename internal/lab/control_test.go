//go:build lab

package lab_test

import (
	"net"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
)

func dials(address string) error {
	c, err := net.DialTimeout("tcp", address, 2*time.Second)
	if err == nil {
		_ = c.Close()
	}
	return err
}

func TestDC_stopsAndStarts(t *testing.T) {
	ldap := net.JoinHostPort(lab.DCAddr, "389")
	if err := dials(ldap); err != nil {
		t.Fatalf("before: %v", err)
	}
	lab.StopDC(t)
	if err := dials(ldap); err == nil {
		t.Error("a stopped DC took a connection")
	}
	lab.StartDC(t)
	if err := dials(ldap); err != nil {
		t.Errorf("after: %v", err)
	}
	_ = lab.Alice.Kinit(t)
}

func TestFileServer_stopsAndStarts(t *testing.T) {
	smb := net.JoinHostPort(lab.FileServerAddr, "445")
	if err := dials(smb); err != nil {
		t.Fatalf("before: %v", err)
	}
	lab.StopFileServer(t)
	if err := dials(smb); err == nil {
		t.Error("a stopped file server took a connection")
	}
	lab.StartFileServer(t)
	if err := dials(smb); err != nil {
		t.Errorf("after: %v", err)
	}
}
