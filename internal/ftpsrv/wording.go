package ftpsrv

import (
	"net/netip"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// wording is an outcome's reply as the client gets it: with details, if it is on this
// machine, and in its character set.
func wording(c *conn, out outcome) ftpwire.Reply {
	reply := out.reply
	if c.srv.cfg.DetailedErrors && out.substatus != subNone && reply.Code >= 400 && len(reply.Lines) == 1 &&
		local(c.log.row.Server.Addr(), c.log.row.Client.Addr()) {
		reply = detailed(out)
	}
	if c.sess.ansi {
		texts := make([]string, len(reply.Lines))
		for i, text := range reply.Lines {
			texts[i] = string(appendANSI(nil, []byte(text)))
		}
		reply.Lines = texts
	}
	return reply
}

// local reports whether client and server are one machine.
func local(server, client netip.Addr) bool {
	return client.IsValid() && (client.IsLoopback() || client == server)
}

// detailed is the four-line form of an error (behaviour 3.1, observed): the reply's
// own text, Windows' text, which ends in a blank as always, and the sentence of the
// sub-status.
func detailed(out outcome) ftpwire.Reply {
	win32, substatus := out.win32, out.substatus
	if out.veiled {
		win32, substatus = winerr.LogonFailure, subLoginError
	}
	text := ""
	if win32 != winerr.Success {
		text = win32.Error() + " "
	}
	return ftpwire.NewReply(out.reply.Code, out.reply.Lines[0],
		" Win32 error:   "+text, " Error details: "+sentences[substatus], "End")
}

// sentences are what sub-statuses mean (KB 969061).
var sentences = map[int]string{
	subUnauthorized:   "Authorization rules denied the access.",
	subFileDenied:     "File system denied the access.",
	subFileError:      "File system returned an error.",
	subAddressDenied:  "IP restriction rules denied the access.",
	subRootWrite:      "Write access for the root of the virtual directory is forbidden.",
	subControlTimeout: "Control channel timed out.",
	subDataTimeout:    "Data channel timed out.",
	subNewTimeout:     "Control channel timed out based on new connection timeout.",
	subTooMany:        "Maximum connection limit was reached.",
	subAborted:        "Data channel was closed by ABOR command from client.",
	subStopping:       "Site is being stopped.",
	subServerAborted:  "Data channel was aborted by server due to an error.",
	subDataNeedsTLS:   "SSL policy requires SSL for data channel.",
	subControlTLS:     "SSL policy requires SSL for control channel.",
	subCredentialsTLS: "SSL policy requires SSL for credentials.",
	subDataDeniesTLS:  "SSL policy denies SSL for data channel.",
	subNoCertificate:  "SSL certificate was not configured.",
	subNoTLS:          "SSL initialization failed.",
	subHomeLookup:     "Home directory lookup failed.",
	subNoHost:         "Hostname didn't match any configured ftp site.",
	subTooLarge:       "Maximum file size was exceeded.",
	subNeedsBasic:     "ActiveDirectory Isolation must be combined with basic authentication.",
	subLoginError:     "An error occurred during the authentication process.",
	subTooSlow:        "Data channel timed out due to not meeting the minimum bandwidth requirement.",
	subFiltered:       "Command filtering rules denied the access.",
}
