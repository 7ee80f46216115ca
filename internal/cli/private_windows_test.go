package cli

import (
	"strings"
	"testing"

	"golang.org/x/sys/windows"
)

func TestReadPasswordFile_openToOthers(t *testing.T) {
	path := passwordFile(t, "hunter2")
	if _, err := readPasswordFile(path); err != nil {
		t.Errorf("a file of our own: %v", err)
	}
	descriptor, err := windows.SecurityDescriptorFromString("D:P(A;;FA;;;WD)")
	if err != nil {
		t.Fatal(err)
	}
	list, _, err := descriptor.DACL()
	if err == nil {
		err = windows.SetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION, nil, nil, list, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := readPasswordFile(path); exitCode(err) != exitUsage || !strings.HasPrefix(advice(err), `icacls "`+path) {
		t.Errorf("a file that everybody can read: %v, advice %q", err, advice(err))
	}
}
