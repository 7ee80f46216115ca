package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
)

// setting is one connection setting: a flag, a variable of the same name, and
// the place where its value goes.
type setting struct {
	flag  string
	usage string
	is    kind
	set   func(d *config.Connection, value string) error
}

type kind uint8

const (
	isText kind = iota
	isSwitch
	isList
)

// key returns the name of the setting in the configuration file.
func (s setting) key() string {
	if s.flag == "starttls" {
		return "startTls"
	}
	words := strings.Split(s.flag, "-")
	for i, word := range words[1:] {
		words[i+1] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}

// variable returns the name of the setting in the environment.
func (s setting) variable() string {
	return "FTPISOCTL_" + strings.ToUpper(strings.ReplaceAll(s.flag, "-", "_"))
}

// settings is the one list of connection settings.
func settings() []setting {
	type section = config.Connection
	return []setting{
		{"server", "`URL` of a directory server, as in ldaps://dc1.corp.example.com; several are tried in order", isList, addServers},
		{"domain", "DNS `NAME` of the domain, whose servers SRV records tell", isText, text(func(d *section) *string { return &d.Domain })},
		{"bind-user", "`NAME` of the account to bind as: DN, UPN or DOMAIN\\user", isText, text(func(d *section) *string { return &d.BindUser })},
		{"password-file", "read the password from `FILE`", isText, text(func(d *section) *string { return &d.PasswordFile })},
		{"password-command", "read the password from the output of `CMD`, which no shell sees", isText, text(func(d *section) *string { return &d.PasswordCommand })},
		{"ca-file", "trust the certificate authorities in `FILE` (PEM) instead of the system's", isText, text(func(d *section) *string { return &d.CAFile })},
		{"starttls", "protect an ldap:// connection with TLS", isSwitch, toggle(func(d *section) *bool { return &d.StartTLS })},
		{"kerberos", "bind with Kerberos: credential cache, --keytab or password", isSwitch, toggle(func(d *section) *bool { return &d.Kerberos })},
		{"keytab", "`FILE` with the key of --bind-user", isText, text(func(d *section) *string { return &d.Keytab })},
		{"base-dn", "search below `DN` instead of the whole domain", isText, text(func(d *section) *string { return &d.BaseDN })},
		{"timeout", "`DURATION` that one request may take", isText, setTimeout},
		{"tls-pin", "accept exactly the certificate with this SHA-256 `HEX` fingerprint", isText, setPin},
		{"forest", "look for bare names in all domains of the forest", isSwitch, toggle(func(d *section) *bool { return &d.Forest })},
		{"allow-plaintext", "send the password over an unprotected connection", isSwitch, toggle(func(d *section) *bool { return &d.AllowPlaintext })},
	}
}

func text(field func(*config.Connection) *string) func(*config.Connection, string) error {
	return func(d *config.Connection, value string) error {
		*field(d) = value
		return nil
	}
}

func toggle(field func(*config.Connection) *bool) func(*config.Connection, string) error {
	return func(d *config.Connection, value string) error {
		on, err := strconv.ParseBool(value)
		if err != nil {
			return fmt.Errorf("%q is neither true nor false", value)
		}
		*field(d) = on
		return nil
	}
}

func addServers(d *config.Connection, value string) error {
	if strings.Contains(value, "@") { // no URL with a login passes; its password may hold a comma
		return config.CheckServer(value)
	}
	for server := range strings.SplitSeq(value, ",") {
		server = strings.TrimSpace(server)
		if err := config.CheckServer(server); err != nil {
			return err
		}
		d.Server = append(d.Server, server)
	}
	return nil
}

func setTimeout(d *config.Connection, value string) error {
	timeout, err := config.ParseDuration(value)
	if err == nil && timeout < time.Millisecond {
		err = fmt.Errorf("%q is too short", value)
	}
	d.Timeout = timeout
	return err
}

func setPin(d *config.Connection, value string) error {
	d.TLSPin = value
	return config.CheckTLSPin(value)
}

// settingFlag is a setting on the command line. It checks its value at once, and
// keeps it until the file and the environment below it are known.
type settingFlag struct {
	setting setting
	values  []string
}

// Set checks and keeps a value.
func (f *settingFlag) Set(value string) error {
	if f.setting.is != isList {
		f.values = nil
	}
	f.values = append(f.values, value)
	return f.setting.set(new(config.Connection), value)
}

// String returns what was given.
func (f *settingFlag) String() string { return strings.Join(f.values, ",") }

// Type returns the word that help shows where the usage names none.
func (f *settingFlag) Type() string {
	if f.setting.is == isSwitch {
		return "bool"
	}
	return "string"
}

// IsBoolFlag lets a switch stand without a value.
func (f *settingFlag) IsBoolFlag() bool { return f.setting.is == isSwitch }

func (a *app) addConnectionFlags(flags *pflag.FlagSet) {
	a.given = map[string]*settingFlag{}
	for _, s := range settings() {
		f := &settingFlag{setting: s}
		a.given[s.flag] = f
		added := flags.VarPF(f, s.flag, "", s.usage)
		if s.is == isSwitch {
			added.NoOptDefVal = "true"
		}
	}
}
