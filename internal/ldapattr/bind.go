package ldapattr

import "context"

// bind makes the connection ours, with the rights that Config.Bind says.
func (d *dialer) bind(ctx context.Context, c *channel) error {
	if err := d.cfg.allowed(c.target); err != nil {
		return err
	}
	if d.cfg.Bind.Kerberos {
		return d.bindKerberos(ctx, c)
	}
	return simpleBind(c.Conn, 1, d.cfg.Bind.User, d.cfg.Bind.Password.Reveal())
}
