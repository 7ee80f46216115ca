package winerr_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func TestOf(t *testing.T) {
	_, notExist := os.Open(t.TempDir() + "/absent")
	tests := []struct {
		name string
		err  error
		want winerr.Code
	}{
		{"nil", nil, winerr.Success},
		{"code", winerr.SharingViolation, winerr.SharingViolation},
		{"wrapped code", fmt.Errorf("open a: %w", winerr.AccessDenied), winerr.AccessDenied},
		{"path error", &fs.PathError{Op: "open", Path: "a", Err: winerr.DiskFull}, winerr.DiskFull},
		{"system", notExist, winerr.FileNotFound},
		{"portable", fs.ErrPermission, winerr.AccessDenied},
		{"deadline", context.DeadlineExceeded, winerr.SemTimeout},
		{"i/o deadline", os.ErrDeadlineExceeded, winerr.SemTimeout},
		{"cancelled", context.Canceled, winerr.OperationAborted},
		{"no such host", fmt.Errorf("dial: %w", &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", IsNotFound: true}}), winerr.BadNetPath},
		{"no answer about a host", &net.DNSError{Err: "i/o timeout", IsTimeout: true}, winerr.BadNetPath},
		{"anything else", errors.New("x"), winerr.GenFailure},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := winerr.Of(tt.err); got != tt.want {
				t.Errorf("Of(%v) = %d, want %d", tt.err, got, tt.want)
			}
		})
	}
}

func TestCode_isPortable(t *testing.T) {
	for code, target := range map[winerr.Code]error{
		winerr.FileNotFound:  fs.ErrNotExist,
		winerr.PathNotFound:  fs.ErrNotExist,
		winerr.AlreadyExists: fs.ErrExist,
		winerr.AccessDenied:  fs.ErrPermission,
		winerr.InvalidName:   fs.ErrInvalid,
	} {
		if !errors.Is(fmt.Errorf("x: %w", code), target) {
			t.Errorf("%d is not %v", code, target)
		}
		if errors.Is(winerr.SharingViolation, target) {
			t.Errorf("SharingViolation is %v", target)
		}
	}
}

func TestCode_unknownHasANumber(t *testing.T) {
	if got, want := winerr.Code(4711).Error(), "Win32 error 4711."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
