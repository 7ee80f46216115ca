package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
)

// fileServerFlags admit file servers beside those of the configuration.
type fileServerFlags struct {
	names []string
	ntlm  bool
}

func (f *fileServerFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVar(&f.names, "file-server", nil, "also admit this file server: host `NAME` or *.suffix")
	flags.BoolVar(&f.ntlm, "ntlm", false, "allow NTLM with the servers of --file-server where Kerberos is not to be had")
}

// policy adds the servers of the command line to those of the file. Nothing is
// served here, so the rights of root do no harm.
func (f *fileServerFlags) policy(file config.File) (shares.Policy, error) {
	policy := sharePolicy(file)
	for _, pattern := range f.names {
		if err := homedir.CheckServers(pattern); err != nil {
			return policy, usage("--file-server: %w", err)
		}
		policy.FileServers = append(policy.FileServers, shares.FileServer{Pattern: pattern, NTLM: f.ntlm})
	}
	return policy, nil
}

// visitor goes to file servers for the program: where to, as whom, and with whose
// names.
type visitor struct {
	forest      *ldapattr.Forest
	permissions *ldapattr.Permissions // and names, of all its domains
	policy      shares.Policy
	bind        ldapattr.Bind
	as          shares.Credentials
}

// openVisitor reads the configuration and connects to the directory. Who calls it
// closes the forest.
func openVisitor(ctx context.Context, a *app, servers *fileServerFlags) (*visitor, error) {
	file, _, err := a.configFile()
	if err != nil {
		return nil, err
	}
	policy, err := servers.policy(file)
	if err != nil {
		return nil, err
	}
	cfg, err := directoryConfigOf(ctx, a, file)
	if err != nil {
		return nil, err
	}
	forest, err := connectForest(ctx, cfg)
	if err != nil {
		return nil, err
	}
	as, err := shareAccount(ctx, forest, cfg.Bind)
	if err != nil {
		_ = forest.Close()
		return nil, err
	}
	return &visitor{forest, &ldapattr.Permissions{Forest: forest}, policy, cfg.Bind, as}, nil
}

func (v *visitor) opener() *shares.Opener { return shares.NewOpener(v.policy) }

// token is who a user is to a file server: the user, the groups that the directory
// knows, and what everybody is who comes over the network with a password of a
// domain.
func (v *visitor) token(ctx context.Context, user ldapattr.User) (secdesc.Token, error) {
	groups, err := v.permissions.TokenGroups(ctx, user)
	if err != nil {
		return secdesc.Token{}, err
	}
	sid, err := secdesc.ParseSID(user.SID)
	if err != nil {
		return secdesc.Token{}, err
	}
	return secdesc.Token{SIDs: append(groups, sid, secdesc.Everyone, secdesc.AuthenticatedUsers, secdesc.Network, secdesc.ThisOrganization)}, nil
}

// sidName names a SID for people, by itself where the directory knows no name.
func (v *visitor) sidName(ctx context.Context, sid secdesc.SID) string {
	if sid == "" {
		return "nobody"
	}
	names, err := v.permissions.Names(ctx, []secdesc.SID{sid})
	if err != nil {
		return sid.String()
	}
	return names[sid]
}

// canEnterAny refuses a bind without a password where a file server might want one.
func (v *visitor) canEnterAny() error {
	if len(v.policy.FileServers) == 0 || !v.bind.Password.Empty() && v.bind.User != "" {
		return nil
	}
	return noPassword("file servers are")
}

func noPassword(who string) error {
	return hint(usage("%s entered with a password, and a Kerberos ticket or a keytab holds none", who),
		"add --bind-user and --password-file, or another source of the password; --kerberos may stay")
}

// shareAccount returns the bind account in the form that file servers take. A
// bind without a password (credential cache, keytab) is nobody there, which is
// enough for a local folder.
func shareAccount(ctx context.Context, forest *ldapattr.Forest, bind ldapattr.Bind) (shares.Credentials, error) {
	if bind.Password.Empty() || bind.User == "" {
		return shares.Credentials{}, nil
	}
	account, err := boundAs(ctx, forest, bind.User)
	if err != nil {
		return shares.Credentials{}, fmt.Errorf("the account to enter the share with: %w", err)
	}
	return shares.NewCredentials(account.NetBIOSDomain, account.SAMAccountName, account.DNSDomain, bind.Password), nil
}

// boundAs finds the account of a bind. It need not lie below the base, where users
// are looked for.
func boundAs(ctx context.Context, forest *ldapattr.Forest, login string) (ldapattr.User, error) {
	user, err := lookUpNamed(ctx, forest, login)
	if !errors.Is(err, ldapattr.ErrNotFound) {
		return user, err
	}
	cfg, unknown := forest.ConfigOf(forest.Home().Domain().DNSName)
	if unknown != nil || cfg.BaseDN == "" {
		return user, err
	}
	cfg.BaseDN = ""
	whole, err := ldapattr.OpenForest(ctx, cfg)
	if err != nil {
		return user, err
	}
	defer whole.Close()
	return lookUpNamed(ctx, whole, login)
}
