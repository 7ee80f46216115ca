package config

import (
	"encoding"
	"errors"
	"fmt"
	"net"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

// Binding is an address and a port to listen on, as in 192.0.2.1:21, [::1]:2121
// or *:21. Port 990 speaks implicit TLS, as does a binding that begins with ftps://.
type Binding string

const implicitScheme, implicitPort = "ftps://", ":990"

// UnmarshalText checks the form.
func (b *Binding) UnmarshalText(text []byte) error {
	host, port, err := net.SplitHostPort(strings.TrimPrefix(string(text), implicitScheme))
	if err != nil {
		return fmt.Errorf("%q is no address:port, such as *:21 or 192.0.2.1:2121", text)
	}
	if host != "*" && host != "" && host != "localhost" && net.ParseIP(host) == nil {
		return fmt.Errorf("%q is no address of this machine; write * for all", host)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("%q is no port", port)
	}
	*b = Binding(text)
	return nil
}

// Address returns the binding in the form that net.Listen takes.
func (b Binding) Address() string {
	return strings.TrimPrefix(strings.TrimPrefix(string(b), implicitScheme), "*")
}

// Implicit reports whether connections begin with TLS, if there is a certificate.
func (b Binding) Implicit() bool {
	return strings.HasPrefix(string(b), implicitScheme) || strings.HasSuffix(string(b), implicitPort)
}

// HostName is a name of the site in the DNS.
type HostName string

var dnsName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*$`)

// UnmarshalText checks the form.
func (h *HostName) UnmarshalText(text []byte) error {
	if !dnsName.Match(text) {
		return fmt.Errorf("%q is no host name, such as ftp.example.com", text)
	}
	*h = HostName(text)
	return nil
}

// scalar sets the variable that to points to.
func scalar(text string, to any) error {
	switch to := to.(type) {
	case *string:
		*to = text
	case *time.Duration:
		duration, err := ParseDuration(text)
		*to = duration
		return err
	case *homedir.Location:
		location, err := homedir.ParseLocation(text)
		if err != nil {
			return fmt.Errorf("%q %w", text, err)
		}
		*to = location
	case *bool:
		if text != "true" && text != "false" {
			return fmt.Errorf("%q is neither true nor false", text)
		}
		*to = text == "true"
	case encoding.TextUnmarshaler:
		return to.UnmarshalText([]byte(text))
	default:
		return number(text, reflect.ValueOf(to).Elem())
	}
	return nil
}

func number(text string, to reflect.Value) error {
	most := uint64(1)<<to.Type().Bits() - 1
	if to.CanInt() {
		most >>= 1
	}
	n, err := strconv.ParseUint(text, 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange), err == nil && n > most:
		return fmt.Errorf("%s is too large; the most is %d", text, most)
	case err != nil:
		return fmt.Errorf("%q is not a number", text)
	}
	to.Set(reflect.ValueOf(n).Convert(to.Type()))
	return nil
}

// ParseDuration accepts Go's form (90s, 2m), IIS's time span (hh:mm:ss) and bare
// seconds. Negative values are refused.
func ParseDuration(s string) (time.Duration, error) {
	refuse := fmt.Errorf("%q is no duration; write 90s, 00:01:30 or a number of seconds", s)
	if seconds, err := strconv.ParseUint(s, 10, 32); err == nil {
		return time.Duration(seconds) * time.Second, nil
	}
	if strings.Contains(s, ":") {
		var h, m, sec uint16
		if n, err := fmt.Sscanf(s, "%d:%d:%d", &h, &m, &sec); err != nil || n != 3 || m > 59 || sec > 59 {
			return 0, refuse
		}
		if fmt.Sprintf("%02d:%02d:%02d", h, m, sec) != s {
			return 0, refuse
		}
		return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(sec)*time.Second, nil
	}
	duration, err := time.ParseDuration(s)
	if err != nil || duration < 0 {
		return 0, refuse
	}
	return duration, nil
}
