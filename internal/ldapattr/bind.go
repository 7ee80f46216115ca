package ldapattr

import (
	"context"
	"time"
)

// bind makes the connection ours, with the rights that Config.Bind says.
func (d *dialer) bind(ctx context.Context, c *channel) error {
	if err := d.cfg.allowed(c.target); err != nil {
		return err
	}
	if d.cfg.Bind.Kerberos {
		started := time.Now()
		err := d.bindKerberos(ctx, c)
		if d.cfg.Trace != nil {
			op := Operation{Server: c.target.String(), Type: "bind", Object: "with Kerberos", Result: "Success", Took: time.Since(started)}
			if err != nil {
				op.Result = oneLine(err.Error())
			}
			d.cfg.Trace(op)
		}
		c.trace(d.cfg.Trace) // above the seal
		return err
	}
	c.trace(d.cfg.Trace)
	return simpleBind(c.Conn, 1, d.cfg.Bind.User, d.cfg.Bind.Password.Reveal())
}
