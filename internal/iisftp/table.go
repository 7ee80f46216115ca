package iisftp

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// shape is an operation and the arguments that follow it.
type shape struct {
	operation Operation
	arguments []argument
	many      bool // the last argument may be repeated
	optional  bool // there need be none
}

// argument is one place in the order of an operation's arguments. set returns
// what is wrong with a value, "" if nothing is.
type argument struct {
	name string
	path bool // may begin with a slash, as a folder of Unix does
	set  func(c *Call, value string) string
}

// shapes lists the operations in the order in which help shows them.
func shapes() []shape {
	user := argument{"UserID", false, func(c *Call, v string) string { c.User = v; return "" }}
	site := argument{"SiteName", false, func(c *Call, v string) string { c.Sites = append(c.Sites, v); return "" }}
	return []shape{
		{operation: GetADProp, arguments: []argument{user}},
		{operation: SetADProp, arguments: []argument{
			user,
			{"PropertyName", false, setProperty},
			{"PropertyValue", true, func(c *Call, v string) string { c.Value = v; return "" }},
		}},
		{operation: Create, arguments: []argument{
			{"Path", true, func(c *Call, v string) string { c.Site.Path = v; return "" }},
			{"SiteName", false, func(c *Call, v string) string { c.Site.Name = v; return "" }},
		}},
		{operation: Delete, arguments: []argument{site}, many: true},
		{operation: Start, arguments: []argument{site}, many: true},
		{operation: Stop, arguments: []argument{site}, many: true},
		{operation: Pause, arguments: []argument{site}, many: true},
		{operation: Query, arguments: []argument{site}, many: true, optional: true},
	}
}

// setProperty takes the LDAP names and the short ones that descriptions of the
// script use.
func setProperty(c *Call, v string) string {
	for _, name := range []string{homedir.AttrRoot, homedir.AttrDir} {
		if strings.EqualFold(v, name) || strings.EqualFold("msIIS-"+v, name) {
			c.Property = name
			return ""
		}
	}
	return "is " + homedir.AttrRoot + " or " + homedir.AttrDir + ", or FTPRoot or FTPDir for short"
}

// option is a switch that goes with operations.
type option struct {
	names  []string // the first is the usual one
	only   Operation
	value  string // what follows, for help and errors; "": nothing
	secret bool
	set    func(c *Call, value string) string
}

// options lists the switches. The credentials of a site have two published
// spellings each.
func options() []option {
	return []option{
		{names: []string{"s"}, value: "Computer", set: func(c *Call, v string) string { c.Target.Server = v; return "" }},
		{names: []string{"u"}, value: `[Domain\]User`, set: func(c *Call, v string) string { c.Target.User = v; return "" }},
		{names: []string{"p"}, value: "Password", secret: true, set: func(c *Call, v string) string { c.Target.Password = secret.New(v); return "" }},
		{names: []string{"b"}, only: Create, value: "Port", set: setPort},
		{names: []string{"i"}, only: Create, value: "IPAddress", set: setAddress},
		{names: []string{"dontstart"}, only: Create, set: func(c *Call, _ string) string { c.Site.DontStart = true; return "" }},
		{names: []string{"isolation"}, only: Create, value: "Mode", set: setIsolation},
		{names: []string{"domain", "ADdomain"}, only: Create, value: "DomainName", set: func(c *Call, v string) string { c.Site.Domain = v; return "" }},
		{names: []string{"Admin", "ADadmin"}, only: Create, value: `[Domain\]User`, set: func(c *Call, v string) string { c.Site.Admin = v; return "" }},
		{names: []string{"AdminPwd", "ADpass"}, only: Create, value: "Password", secret: true, set: func(c *Call, v string) string {
			c.Site.AdminPassword = secret.New(v)
			return ""
		}},
	}
}

func setPort(c *Call, v string) string {
	port, err := strconv.ParseUint(v, 10, 16)
	if err != nil || port == 0 {
		return "is a number from 1 to 65535"
	}
	c.Site.Port = int(port)
	return ""
}

func setAddress(c *Call, v string) string {
	if _, err := netip.ParseAddr(v); err != nil {
		return "is an IP address"
	}
	c.Site.Address = v
	return ""
}

// setIsolation takes all published spellings of the modes.
func setIsolation(c *Call, v string) string {
	switch strings.ToLower(v) {
	case "local":
		c.Site.Isolation = LocalIsolation
	case "ad", "activedirectory":
		c.Site.Isolation = ActiveDirectoryIsolation
	default:
		return "is Local, AD or ActiveDirectory; without the switch users are not isolated"
	}
	return ""
}

// findShape returns the operation that a word is the switch of.
func findShape(word string) (shape, bool) {
	all := shapes()
	i := slices.IndexFunc(all, func(s shape) bool { return strings.EqualFold(word, "/"+string(s.operation)) })
	if i < 0 {
		return shape{}, false
	}
	return all[i], true
}

// findOption returns the switch that a word is.
func findOption(word string) (option, bool) {
	all := options()
	i := slices.IndexFunc(all, func(o option) bool {
		return slices.ContainsFunc(o.names, func(name string) bool { return strings.EqualFold(word, "/"+name) })
	})
	if i < 0 {
		return option{}, false
	}
	return all[i], true
}
