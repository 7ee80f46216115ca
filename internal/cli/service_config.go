package cli

import (
	"math"
	"os"
	"runtime"
	"slices"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/config/words"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/dtp"
	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/listing"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
)

// sitePolicy is the file's policy, with the way the site stores uploads.
func sitePolicy(file config.File, site config.Site) shares.Policy {
	policy := sharePolicy(file)
	policy.Storage = storage.Options{
		SyncUploads: site.FileHandling.SyncUploads,
		ReadUploads: site.FileHandling.AllowReadUploadsInProgress,
	}
	return policy
}

// portsOf is the pool of ports for passive data connections.
func portsOf(file config.File) (*dtp.Ports, error) {
	ports, err := dtp.NewPorts(file.Server.FirewallSupport.LowDataChannelPort, file.Server.FirewallSupport.HighDataChannelPort)
	if err != nil {
		return nil, usage("server.firewallSupport: %w", err)
	}
	return ports, nil
}

// engineConfig turns IIS's vocabulary into the engine's.
func engineConfig(plan sitePlan) (ftpsrv.Config, error) {
	site := plan.site
	limits := site.Connections
	minRate := int(limits.MinBytesPerSecond)
	if minRate == 0 {
		minRate = -1 // IIS: 0 turns the check off; the engine: 0 is the default
	}
	computer, err := os.Hostname()
	if err != nil {
		computer = "" // the column says "-"; nothing else needs the name
	}
	settings := ftpsrv.Config{
		ExternalIP4:    site.FirewallSupport.ExternalIP4Address,
		SiteName:       site.Name,
		IIS:            site.Compatibility == words.CompatibilityIIS,
		NoUTF8:         !site.AllowUTF8,
		HostNames:      hostNames(site),
		DetailedErrors: site.Messages.AllowLocalDetailedErrors,
		AvailableBytes: slices.Contains(site.DirectoryBrowse.ShowFlags, words.ShowAvailableBytes),
		Computer:       computer,
		MaxCommandLine: site.Security.CommandFiltering.MaxCommandLine,
		Connections: ftpsrv.Connections{
			UnauthenticatedTimeout: limits.UnauthenticatedTimeout,
			ControlChannelTimeout:  limits.ControlChannelTimeout,
			DataChannelTimeout:     limits.DataChannelTimeout,
			MinBytesPerSecond:      minRate,
			ResetOnMaxConnections:  limits.ResetOnMaxConnections,
			LoginFailureDelay:      plan.failureDelay,
		},
		Messages: ftpsrv.Messages{
			Banner:                site.Messages.BannerMessage,
			SuppressDefaultBanner: site.Messages.SuppressDefaultBanner,
			Greeting:              site.Messages.GreetingMessage,
			Exit:                  site.Messages.ExitMessage,
			MaxClients:            site.Messages.MaxClientsMessage,
			ExpandVariables:       site.Messages.ExpandVariables,
		},
		Files: ftpsrv.FileHandling{
			KeepPartialUploads:   site.FileHandling.KeepPartialUploads,
			AllowReplaceOnRename: site.FileHandling.AllowReplaceOnRename,
		},
		DataChannel: ftpsrv.DataChannelSecurity{
			AnyAddressForPort: !site.Security.DataChannelSecurity.MatchClientAddressForPort,
			AnyAddressForPasv: !site.Security.DataChannelSecurity.MatchClientAddressForPasv,
		},
		Listing:  styleOf(site.DirectoryBrowse.ShowFlags),
		Commands: commandsOf(site.Security.CommandFiltering),
	}
	if z := site.ModeZ; z.Enabled {
		settings.ModeZ = &ftpsrv.ModeZ{Level: z.Level, MaxRatio: int(min(z.MaxRatio, math.MaxInt32)), MaxSize: int64(z.MaxSize)}
	}
	return settings, protect(&settings, site, plan.certificates)
}

func hostNames(site config.Site) []string {
	var names []string
	for _, name := range site.HostNames {
		names = append(names, string(name))
	}
	return names
}

func styleOf(flags []words.ShowFlag) listing.Style {
	return listing.Style{
		Unix:     slices.Contains(flags, words.ShowStyleUnix),
		LongDate: slices.Contains(flags, words.ShowLongDate),
		GMT:      slices.Contains(flags, words.ShowUseGMTTime),
	}
}

// windowsLines reports whether the text files of a home have Windows' line ends: those
// of shares have, whatever serves them, and those of Windows' own folders.
func windowsLines(home storage.FS) bool {
	_, share := home.(*smbfs.FS)
	return share || runtime.GOOS == "windows"
}
