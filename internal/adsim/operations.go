package adsim

import (
	"context"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// operation is one row of the table: what a request runs and under which terms.
type operation struct {
	op        Op
	answer    byte // identifier octet of the final response
	exclusive bool // waits for the requests in flight, and they for it (RFC 4511, 4.2.1 and 4.14)
	anonymous bool // allowed before a bind; search decides by itself
	primitive bool // how the request is encoded
	run       func(ctx context.Context, c *conn, r *request) (result, error)
}

// Application tags of requests without an answer.
const (
	tagUnbind  ber.Tag = 2
	tagAbandon ber.Tag = 16
)

// operationTable maps application tags (RFC 4511, 4.2–4.12) to rows.
func operationTable() map[ber.Tag]operation {
	return map[ber.Tag]operation{
		0:  {op: OpBind, answer: 0x61, exclusive: true, anonymous: true, run: opBind},
		3:  {op: OpSearch, answer: 0x65, anonymous: true, run: opSearch},
		6:  {op: OpModify, answer: 0x67, run: opModify},
		8:  {op: OpAdd, answer: 0x69, run: opAdd},
		10: {op: OpDelete, answer: 0x6b, primitive: true, run: opDelete},
		12: {op: OpModifyDN, answer: 0x6d, run: opModifyDN},
		14: {op: OpCompare, answer: 0x6f, run: opCompare},
		23: {op: OpExtended, answer: 0x78, exclusive: true, anonymous: true, run: opExtended},
	}
}

// refuseAnonymous answers what wants a bind first.
func refuseAnonymous() *result {
	return refuse(operationsError, errLogonRequired, "a successful bind must come first on this connection")
}
