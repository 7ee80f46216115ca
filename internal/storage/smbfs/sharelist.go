package smbfs

import (
	"context"
	"fmt"

	"github.com/cloudsoda/go-smb2"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// ShareInfo is a share that a server lists.
type ShareInfo struct {
	Name    string
	Comment string // as its administrator wrote it
	Disk    bool   // holds files; else a printer, a device or IPC$
	Special bool   // made by the system, such as C$, ADMIN$ and IPC$
}

// Shares lists the shares of the server, hidden ones included. It needs a login
// and no share; the server may refuse it to accounts that are no administrators.
func (s *Session) Shares(ctx context.Context) ([]ShareInfo, error) {
	if s.session == nil {
		return nil, winerr.InvalidParameter
	}
	var shares []ShareInfo
	err := s.link.call(ctx, func() error {
		listed, err := s.session.ListShares()
		for _, l := range listed {
			shares = append(shares, ShareInfo{l.Name, l.Comment, l.Type() == smb2.ShareTypeDiskTree, l.IsSpecial()})
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the shares of %s: %w", s.target.Host, err)
	}
	return shares, nil
}
