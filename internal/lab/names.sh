# names.sh: the lab's names and addresses, read by the other scripts. lab.go states the same
# for Go; TestScriptsAgree in lab_test.go holds the two together.
LAB_DOMAIN=corp.example.com
LAB_REALM=CORP.EXAMPLE.COM
LAB_NETBIOS=CORP
LAB_BASE_DN=DC=corp,DC=example,DC=com
LAB_DC=dc1.corp.example.com
LAB_DC_IP=10.53.57.21
LAB_FS=fs01.corp.example.com
LAB_FS_IP=10.53.57.31
LAB_FTP=ftp.corp.example.com
LAB_FTP_IP=10.53.57.41
LAB_CLIENT_IP=10.53.57.51
LAB_ROGUE=rogue.example.net
LAB_ROGUE_IP=10.53.57.66
LAB_SHARE='ftp$'
LAB_ENCRYPTED_SHARE='ftpenc$'
LAB_SMALL_SHARE='ftpsmall$'
LAB_EMPTY_SHARE='ftpempty$'
LAB_NAMESPACE=ftpdfs

LAB_BUILD_LOG=$FTPISOCTL_LAB_DIR/build.log
