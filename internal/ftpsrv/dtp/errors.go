package dtp

import (
	"errors"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// The kinds of failure that callers tell apart with errors.Is; winerr.Of gives
// the Win32 status of each error of this package.
var (
	ErrBusy     = errors.New("earlier data connection is still open")   // Listen, Dial: reply 425
	ErrNoPort   = errors.New("no free data port")                       // Listen: reply 425
	ErrAddress  = errors.New("address of the client is not acceptable") // Dial: reply 501; no packet was sent
	ErrNotArmed = errors.New("neither PASV nor PORT came before")       // Acquire: reply 425
	ErrSyntax   = errors.New("malformed host and port")                 // ParsePORT, ParseEPRT: reply 501
	ErrFamily   = errors.New("unknown address family")                  // ParseEPRT: reply 522 (RFC 2428 section 2)
)

// addressInUse is WSAEADDRINUSE, what Windows logs when a range is used up.
const addressInUse winerr.Code = 10048
