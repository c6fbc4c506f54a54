import './styles/app.css'
import { cacheExchange } from 'urql'
import { boot } from '@/boot'
import { PortalApp } from '@/portal/PortalApp'

// The portal reads a few whole answers: a cache by document is enough, and 10 KB lighter on a phone.
boot(cacheExchange, () => <PortalApp />)
