package adsim

// attributeGroup gives every name in it the same properties.
type attributeGroup struct {
	attrType
	names string
}

// attributeTable is the part of AD's schema that account management meets
// (Microsoft, Active Directory schema, "All attributes"). Names keep AD's case.
func attributeTable() []attributeGroup {
	accounts := []string{"user"}
	return []attributeGroup{
		// Range 1–256 on both, single-valued, user class only: the reason for this program.
		{attrType{single: true, min: 1, max: 256, classes: accounts}, `msIIS-FTPRoot msIIS-FTPDir`},
		{attrType{single: true, min: 1, max: 256}, `sAMAccountName`},
		{attrType{single: true, min: 1, max: 1024, classes: accounts}, `userPrincipalName`},
		{attrType{single: true, min: 1, max: 64}, `cn givenName sn department company title telephoneNumber
			facsimileTelephoneNumber mobile homePhone pager ou`},
		{attrType{single: true, min: 1, max: 256}, `displayName mail employeeID division displayNamePrintable`},
		{attrType{single: true}, `initials employeeNumber employeeType ipPhone streetAddress l st postalCode co c
			physicalDeliveryOfficeName info wWWHomePage homeDirectory homeDrive profilePath scriptPath userWorkstations
			comment userParameters personalTitle generationQualifier middleName mailNickname targetAddress gecos
			unixHomeDirectory loginShell dNSHostName operatingSystem operatingSystemVersion operatingSystemServicePack
			location nETBIOSName adminDescription adminDisplayName preferredLanguage extensionAttribute1
			extensionAttribute2 extensionAttribute3 extensionAttribute4 extensionAttribute5 extensionAttribute6
			extensionAttribute7 extensionAttribute8 extensionAttribute9 extensionAttribute10 extensionAttribute11
			extensionAttribute12 extensionAttribute13 extensionAttribute14 extensionAttribute15 msSFU30Name
			msSFU30NisDomain dc msDS-PhoneticDisplayName homePostalAddress lDAPDisplayName cRLDistributionPoint`},
		{attrType{}, `description o street uid dnsRoot url servicePrincipalName proxyAddresses otherTelephone otherMobile
			otherMailbox otherHomePhone otherFacsimileTelephoneNumber postOfficeBox postalAddress keywords carLicense
			businessCategory memberUid networkAddress altSecurityIdentities uPNSuffixes roomNumber
			msDS-AllowedToDelegateTo departmentNumber labeledURI lDAPAdminLimits gPLink`},
		{attrType{}, `objectClass`},
		{attrType{single: true, system: true}, `name`},
		{attrType{single: true, syntax: syntaxInt}, `userAccountControl primaryGroupID groupType codePage countryCode
			systemFlags adminCount uidNumber gidNumber msDS-SupportedEncryptionTypes msDS-Behavior-Version
			pwdLastSet accountExpires lockoutTime maxPwdAge minPwdAge lockoutDuration lockOutObservationWindow
			minPwdLength lockoutThreshold pwdHistoryLength pwdProperties ms-DS-MachineAccountQuota nTMixedDomain
			forceLogoff gPOptions`},
		{attrType{single: true, syntax: syntaxInt, system: true}, `sAMAccountType instanceType badPwdCount logonCount
			badPasswordTime lastLogon lastLogoff lastLogonTimestamp uSNCreated uSNChanged`},
		{attrType{single: true, syntax: syntaxInt, system: true, constructed: true}, `msDS-User-Account-Control-Computed
			msDS-UserPasswordExpiryTimeComputed`},
		{attrType{single: true, syntax: syntaxBool}, `showInAdvancedViewOnly`},
		{attrType{single: true, syntax: syntaxBool, system: true}, `isCriticalSystemObject isDeleted`},
		{attrType{single: true, syntax: syntaxOctets}, `logonHours thumbnailPhoto thumbnailLogo mS-DS-ConsistencyGuid`},
		{attrType{syntax: syntaxOctets}, `jpegPhoto userCertificate userSMIMECertificate`},
		{attrType{single: true, syntax: syntaxOctets, system: true}, `replPropertyMetaData`}, // as its seed says, where it does
		{attrType{single: true, syntax: syntaxOctets, secret: true}, `unicodePwd userPassword`},
		{attrType{single: true, syntax: syntaxOctets, system: true, constructed: true}, `nTSecurityDescriptor`},
		{attrType{syntax: syntaxOctets, secret: true, system: true}, `dBCSPwd ntPwdHistory lmPwdHistory
			supplementalCredentials`},
		{attrType{single: true, syntax: syntaxDN}, `manager managedBy assistant nCName fSMORoleOwner serverReference
			defaultObjectCategory`},
		{attrType{single: true, syntax: syntaxDN, system: true}, `distinguishedName objectCategory lastKnownParent`},
		{attrType{syntax: syntaxDN}, `member seeAlso secretary`},
		{attrType{syntax: syntaxDN, system: true}, `memberOf directReports managedObjects`},
		{attrType{single: true, syntax: syntaxTime, system: true}, `whenCreated whenChanged`},
		{attrType{syntax: syntaxTime, system: true}, `dSCorePropagationData`},
		{attrType{single: true, syntax: syntaxGUID, system: true}, `objectGUID`},
		{attrType{single: true, syntax: syntaxSID, system: true}, `objectSid`},
		{attrType{syntax: syntaxSID, system: true}, `sIDHistory`},
		{attrType{syntax: syntaxSID, system: true, constructed: true}, `tokenGroups`},
		{attrType{system: true, constructed: true}, `allowedAttributesEffective`},
	}
}
