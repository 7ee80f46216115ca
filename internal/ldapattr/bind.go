package ldapattr

import (
	"context"
	"errors"
)

// bind makes the connection ours, with the rights that Config.Bind says.
func (d *dialer) bind(ctx context.Context, c *channel) error {
	if d.cfg.Bind.Kerberos {
		return d.bindKerberos(ctx, c)
	}
	if err := d.allowed(c.target); err != nil {
		return err
	}
	return simpleBind(c.Conn, 1, d.cfg.Bind.User, d.cfg.Bind.Password.Reveal())
}

// allowed says whether a password may cross a connection to t.
func (d *dialer) allowed(t target) error {
	if t.encrypted() || d.cfg.AllowPlaintext {
		return nil
	}
	return &Error{Kind: ErrPlaintext, Op: "bind to", Object: t.String(),
		Err:  errors.New("a password would cross the network in clear text"),
		Hint: "use ldaps://, --starttls or --kerberos; --allow-plaintext sends it all the same"}
}
